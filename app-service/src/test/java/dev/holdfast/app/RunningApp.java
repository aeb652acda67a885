package dev.holdfast.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * app-service as it is, on a port of its own, with Kafka out of reach. One is shared by
 * all tests that need no settings of their own: each works in a directory of its own.
 */
public final class RunningApp {

	public static final String TOKEN = "a-token-for-tests-only";

	/** Small, so that tests can go beyond it. */
	public static final int MAX_BYTES = 1024 * 1024;

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final ConfigurableApplicationContext context;

	private final Path directory;

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private RunningApp(List<Class<?>> sources, String... more) {
		try {
			this.directory = Files.createTempDirectory("holdfast-app-");
			Files.createDirectory(this.directory.resolve("media"));
			Files.createDirectory(this.directory.resolve("other"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		SpringApplicationBuilder application = AppService.application().sources(FaultyWriter.Configuration.class);
		sources.forEach(application::sources);
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
				"--server.tomcat.connection-timeout=2s", "--holdfast.api.token=" + TOKEN,
				"--holdfast.data-dir=" + this.directory.resolve("data"), "--holdfast.migrate.sources=" + this.directory,
				"--holdfast.volumes.media=" + this.directory.resolve("media"),
				"--holdfast.volumes.other=" + this.directory.resolve("other"),
				"--holdfast.upload.max-size=" + MAX_BYTES + "B", "--holdfast.scan.on-start=false",
				"--spring.kafka.bootstrap-servers=127.0.0.1:1"));
		arguments.addAll(List.of(more));
		this.context = application.run(arguments.toArray(String[]::new));
	}

	/**
	 * The one that is shared.
	 */
	public static RunningApp shared() {
		return Shared.APP;
	}

	/**
	 * One for a test alone, which closes its context.
	 */
	public static RunningApp own(String... more) {
		return new RunningApp(List.of(), more);
	}

	/**
	 * One for a test alone, with beans of the test's own.
	 */
	public static RunningApp own(Class<?> beans, String... more) {
		return new RunningApp(List.of(beans), more);
	}

	public ConfigurableApplicationContext context() {
		return this.context;
	}

	public int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	public Path volume() {
		return this.directory.resolve("media");
	}

	public Path other() {
		return this.directory.resolve("other");
	}

	/**
	 * A directory that files may be migrated from.
	 */
	public Path sources() {
		return this.directory.resolve("sources");
	}

	/**
	 * A directory on the volume that no other test uses.
	 */
	public String freshDirectory() {
		return "t-" + UUID.randomUUID();
	}

	/**
	 * What is in the staging directory.
	 */
	public List<Path> staged() {
		try (Stream<Path> files = Files.list(volume().resolve(".holdfast/tmp"))) {
			return files.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public FaultyWriter faults() {
		return this.context.getBean(FaultyWriter.class);
	}

	/**
	 * A request with the token. The path has to be encoded already.
	 */
	public HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
			.timeout(Duration.ofSeconds(60))
			.header("Authorization", "Bearer " + TOKEN);
	}

	public HttpRequest.Builder media(String path) {
		return request("/api/v1/media/media/" + path);
	}

	public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
	}

	public HttpResponse<byte[]> fetch(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
	}

	public HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
		return send(media(path).PUT(HttpRequest.BodyPublishers.ofString(body)));
	}

	public HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send(media(path).GET());
	}

	public static JsonNode json(HttpResponse<String> response) {
		return JSON.readTree(response.body());
	}

	/** Started with the first test that asks for it, stopped with the JVM. */
	private static final class Shared {

		static final RunningApp APP = new RunningApp(List.of());

	}

}
