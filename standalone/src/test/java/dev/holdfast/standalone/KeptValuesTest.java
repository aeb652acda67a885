package dev.holdfast.standalone;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;

import dev.holdfast.standalone.Connection.S3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an instance keeps in its data directory: secrets, ports, and for as long as it
 * runs, how to reach it.
 */
class KeptValuesTest {

	private static final Environment NOTHING = new Environment(Map.of());

	@TempDir
	Path directory;

	@Test
	void secrets_areMadeUpOnceAndReadableForTheirOwnerOnly() throws Exception {
		Path file = this.directory.resolve("secrets");
		Secrets first = Secrets.loadOrCreate(file, NOTHING);
		assertThat(first.apiToken()).hasSize(48);
		assertThat(Secrets.loadOrCreate(file, NOTHING)).isEqualTo(first);
		assertThat(Secrets.loadOrCreate(this.directory.resolve("others"), NOTHING).apiToken())
			.isNotEqualTo(first.apiToken());
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
		assertThat(first.toString()).doesNotContain(first.apiToken(), first.s3SecretKey());
	}

	@Test
	void tokenOfTheEnvironment_goesFirstAndIsNotKept() throws Exception {
		Path file = this.directory.resolve("secrets");
		Environment environment = new Environment(Map.of("HOLDFAST_API_TOKEN", "of-the-environment"));
		assertThat(Secrets.loadOrCreate(file, environment).apiToken()).isEqualTo("of-the-environment");
		assertThat(Files.readString(file)).doesNotContain("of-the-environment");
	}

	@Test
	void ports_stayTheSameUntilSomebodyTakesOne() throws Exception {
		Path file = this.directory.resolve("ports");
		Ports first = Ports.loadOrChoose(file);
		assertThat(Stream.of(first.kafka(), first.s3(), first.worker())).doesNotHaveDuplicates();
		assertThat(Ports.loadOrChoose(file)).isEqualTo(first);
		try (ServerSocket other = new ServerSocket(first.s3(), 1, InetAddress.getLoopbackAddress())) {
			Ports second = Ports.loadOrChoose(file);
			assertThat(second.kafka()).isEqualTo(first.kafka());
			assertThat(second.worker()).isEqualTo(first.worker());
			assertThat(second.s3()).isNotEqualTo(other.getLocalPort());
		}
	}

	@Test
	void connection_isWrittenForItsOwnerOnlyAndReadAgain() throws Exception {
		Path file = this.directory.resolve("connection.json");
		Connection connection = new Connection("http://127.0.0.1:8080", "the-token", "127.0.0.1:9092",
				new S3("http://127.0.0.1:9000", "us-east-1", "holdfast", "key", "the-secret"), "primary",
				"http://127.0.0.1:8081", Map.of("media", "/srv/media"), 42);
		assertThat(Connection.read(file)).isEmpty();
		connection.write(file);
		assertThat(Connection.read(file)).hasValue(connection);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
		assertThat(Files.readString(file)).contains("\"accessKey\" : \"key\"");
		assertThat(connection.toString()).doesNotContain("the-token", "the-secret");
	}

}
