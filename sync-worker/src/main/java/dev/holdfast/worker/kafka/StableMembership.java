package dev.holdfast.worker.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.cloud.stream.binder.kafka.support.ConsumerConfigCustomizer;

/**
 * Has the consumer group know this worker again when it comes back. Without that, a
 * worker that was killed goes on holding its partitions until its session ends, and its
 * successor waits for that before it gets any.
 */
final class StableMembership implements ConsumerConfigCustomizer {

	private static final Logger LOG = LoggerFactory.getLogger(StableMembership.class);

	private static final String FILE = "instance-id";

	private final Optional<String> instance;

	/**
	 * Membership under the id that is kept in a directory, made the first time.
	 * @param directory {@code null} for a worker that is not to be known again
	 */
	StableMembership(@Nullable Path directory) {
		this.instance = Optional.ofNullable(directory).flatMap(StableMembership::readOrMake);
	}

	private static Optional<String> readOrMake(Path directory) {
		Path file = directory.resolve(FILE);
		try {
			if (!Files.exists(file)) {
				Files.createDirectories(directory);
				Path made = Files.writeString(directory.resolve(FILE + ".new"), UUID.randomUUID() + "\n");
				Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
			}
			return Optional.of(Files.readString(file).strip()).filter((id) -> id.matches("[a-zA-Z0-9-]{8,100}"));
		}
		catch (IOException ex) {
			LOG.atInfo()
				.addKeyValue("file", file)
				.addKeyValue("reason", ex.toString())
				.log("No id can be kept: after being killed this worker waits for its session to end");
			return Optional.empty();
		}
	}

	/** Each binding has a consumer of its own, and each needs an id of its own. */
	@Override
	public void configure(Map<String, Object> consumerProperties, String bindingName, String destination) {
		this.instance
			.ifPresent((id) -> consumerProperties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id + "-" + bindingName));
	}

}
