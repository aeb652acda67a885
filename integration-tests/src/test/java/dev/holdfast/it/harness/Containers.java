package dev.holdfast.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.function.BooleanSupplier;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Apache Kafka and LocalStack in containers, in the place of the build's own broker and
 * S3 endpoint: {@code mvn verify -Pcontainers}.
 */
final class Containers {

	private static final int KAFKA_PORT = 9092;

	private static final int LOCALSTACK_PORT = 4566;

	private Containers() {
	}

	/** Whether stacks stand on containers in this run. */
	static boolean inUse() {
		return Boolean.getBoolean("holdfast.it.containers");
	}

	/** A broker on a port of this machine. */
	static Part kafka(int port, BooleanSupplier ready) {
		KafkaContainer kafka = new KafkaContainer(image("KAFKA_IMAGE", "apache/kafka:4.2.1", "apache/kafka"));
		return new ContainerPart("broker", bound(kafka, port, KAFKA_PORT), ready);
	}

	/**
	 * LocalStack under a port of this machine. It forgets everything when it ends, so
	 * that a kill only cuts it off.
	 */
	static Part localStack(int port) {
		int own = Ports.next();
		LocalStackContainer localStack = new LocalStackContainer(
				image("LOCALSTACK_IMAGE", "localstack/localstack:4.14.0", "localstack/localstack"))
			.withServices("s3");
		return new RelayedPart(new ContainerPart("s3", bound(localStack, own, LOCALSTACK_PORT), () -> answers(own)),
				port, own);
	}

	private static GenericContainer<?> bound(GenericContainer<?> container, int port, int inside) {
		return container.withCreateContainerCmdModifier((create) -> Objects.requireNonNull(create.getHostConfig())
			.withPortBindings(new PortBinding(Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(inside))));
	}

	private static boolean answers(int port) {
		try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return true;
		}
		catch (IOException _) {
			return false;
		}
	}

	private static DockerImageName image(String variable, String image, String compatible) {
		return DockerImageName.parse(System.getenv().getOrDefault(variable, image))
			.asCompatibleSubstituteFor(compatible);
	}

}
