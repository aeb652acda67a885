package dev.holdfast.broker;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import dev.holdfast.broker.BrokerStartException.Reason;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KafkaBrokerTest {

	private static final String TOPIC = "kept";

	@TempDir
	Path directory;

	@Test
	void restartOnTheSameDirectoryAndPort_keepsTopicsAndRecords() throws Exception {
		int port;
		try (KafkaBroker broker = KafkaBroker.start(this.directory, 0)) {
			port = broker.port();
			createTopic(broker);
			send(broker, "before");
		}
		try (KafkaBroker broker = KafkaBroker.start(this.directory, port)) {
			assertThat(broker.port()).isEqualTo(port);
			send(broker, "after");
			assertThat(read(broker, 2)).containsExactly("before", "after");
		}
	}

	@Test
	void topics_areNotCreatedByUse() {
		try (KafkaBroker broker = KafkaBroker.start(this.directory, 0);
				Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
			assertThatThrownBy(() -> admin.describeTopics(List.of("nobody-made-me")).allTopicNames().get())
				.hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
		}
	}

	@Test
	void start_saysThatThePortIsInUse() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatExceptionOfType(BrokerStartException.class)
				.isThrownBy(() -> KafkaBroker.start(this.directory, other.getLocalPort()))
				.withMessageContaining("port " + other.getLocalPort() + " is in use")
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.PORT_IN_USE));
		}
	}

	@Test
	void start_saysThatAnotherBrokerHoldsTheDirectory() {
		try (KafkaBroker broker = KafkaBroker.start(this.directory, 0)) {
			assertThat(broker.port()).isPositive();
			assertThatExceptionOfType(BrokerStartException.class).isThrownBy(() -> KafkaBroker.start(this.directory, 0))
				.withMessageContaining(this.directory.toString())
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.DIRECTORY_IN_USE));
		}
	}

	@Test
	void start_saysThatTheDirectoryCannotBeWritten() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThatExceptionOfType(BrokerStartException.class)
			.isThrownBy(() -> KafkaBroker.start(file.resolve("below"), 0))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.DIRECTORY_NOT_WRITABLE));
	}

	@Test
	void kafkasWishToEndTheProcess_isReportedAndDoesNotEndIt() {
		try (KafkaBroker broker = KafkaBroker.start(this.directory, 0)) {
			assertThatThrownBy(() -> Exit.halt(1, "log directory is gone")).hasMessage("log directory is gone");
			assertThat(broker.failure().toCompletableFuture()).isCompletedWithValue("log directory is gone");
		}
	}

	@Test
	void process_printsReadyAndStopsOnSigterm() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-cp", System.getProperty("java.class.path"), KafkaBrokerMain.class.getName(), "--data",
				this.directory.toString())
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start();
		try (var output = process.inputReader()) {
			Optional<String> ready = output.lines().filter((line) -> line.startsWith("ready ")).findFirst();
			assertThat(ready).hasValueSatisfying((line) -> assertThat(line).startsWith("ready 127.0.0.1:"));
			process.destroy();
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		// The lock is free and the log needs no recovery: Kafka leaves this mark behind
		// it.
		assertThat(this.directory.resolve("kafka").resolve(".kafka_cleanshutdown")).exists();
	}

	private static void createTopic(KafkaBroker broker) throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
			admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
		}
	}

	private static void send(KafkaBroker broker, String value) throws Exception {
		try (KafkaProducer<String, String> producer = new KafkaProducer<>(
				Map.of("bootstrap.servers", broker.bootstrapServers()), new StringSerializer(),
				new StringSerializer())) {
			producer.send(new ProducerRecord<>(TOPIC, value)).get();
		}
	}

	private static List<String> read(KafkaBroker broker, int count) {
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
				Map.of("bootstrap.servers", broker.bootstrapServers()), new StringDeserializer(),
				new StringDeserializer())) {
			TopicPartition partition = new TopicPartition(TOPIC, 0);
			consumer.assign(List.of(partition));
			consumer.seekToBeginning(List.of(partition));
			List<String> values = new java.util.ArrayList<>();
			while (values.size() < count) {
				consumer.poll(Duration.ofSeconds(1)).forEach((record) -> values.add(record.value()));
			}
			return values;
		}
	}

}
