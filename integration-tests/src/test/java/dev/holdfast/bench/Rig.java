package dev.holdfast.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Holdfast's parts as processes of their own, on one broker and one S3 endpoint, and the
 * tools to look at them from outside.
 */
final class Rig implements AutoCloseable {

	static final String TOKEN = "bench-token-of-no-use-elsewhere";

	private static final String VOLUME = "bench";

	private static final Duration START = Duration.ofMinutes(2);

	private static final Duration POLL = Duration.ofMillis(20);

	private final Settings settings;

	private final Path work;

	private final String classPath;

	private final S3Server s3;

	private final JavaPart broker;

	private final String bootstrapServers;

	private final Bucket replicas;

	private final Bucket plain;

	private final Tree.Volume volume;

	private final Events events;

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private @Nullable LedgerWatch ledger;

	Rig(Settings settings, Path work, Path libraries, S3Server s3) throws IOException, InterruptedException {
		this.settings = settings;
		this.work = work;
		this.classPath = libraries + "/*";
		this.s3 = s3;
		int port = S3Server.freePort();
		this.bootstrapServers = "127.0.0.1:" + port;
		this.broker = JavaPart.start("the broker", System.getProperty("java.class.path"), List.of("-Xmx512m"),
				BrokerMain.class.getName(), List.of(work.resolve("broker").toString(), Integer.toString(port)),
				Map.of(), log("broker"));
		this.replicas = new Bucket(s3, settings.bucket + "-replicas");
		this.plain = new Bucket(s3, settings.bucket + "-plain");
		this.replicas.create();
		this.plain.create();
		this.volume = Tree.Volume.create(VOLUME, work.resolve("volume"));
		S3Server.awaitPort(port, this.broker::isAlive, log("broker"));
		this.events = new Events(this.bootstrapServers);
	}

	Settings settings() {
		return this.settings;
	}

	S3Server s3() {
		return this.s3;
	}

	Tree.Volume volume() {
		return this.volume;
	}

	Events events() {
		return this.events;
	}

	/** Where the worker's replicas go. */
	Bucket replicas() {
		return this.replicas;
	}

	/** Where rclone's copies and bare puts go. */
	Bucket plain() {
		return this.plain;
	}

	JavaPart broker() {
		return this.broker;
	}

	Rclone rclone() {
		return new Rclone(this.s3, this.settings.rcloneProvider, log("rclone"));
	}

	/**
	 * To be called when a worker has run once: it creates the topics.
	 */
	LedgerWatch ledger() {
		LedgerWatch watch = this.ledger;
		if (watch == null) {
			watch = new LedgerWatch(this.bootstrapServers);
			this.ledger = watch;
		}
		return watch;
	}

	Path log(String name) {
		return this.work.resolve(name + ".log");
	}

	Path work() {
		return this.work;
	}

	/**
	 * The options that docker-compose.yaml gives the worker's JVM, beside those of its
	 * image, unless others are asked for.
	 */
	List<String> workerJvm() {
		return (this.settings.workerJvm != null) ? this.settings.workerJvm
				: List.of("-XX:+UseSerialGC", "-Xmx192m", "-XX:MaxDirectMemorySize=64m",
						"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
	}

	/**
	 * Starts a worker and waits until it is ready.
	 */
	JavaPart startWorker() throws IOException, InterruptedException {
		int port = S3Server.freePort();
		JavaPart worker = launchWorker(workerJvm(), List.of(), port);
		awaitReady(worker, port);
		return worker;
	}

	/**
	 * Starts a worker process, or one of its commands, and does not wait.
	 */
	JavaPart launchWorker(List<String> jvm, List<String> arguments, int port) throws IOException {
		Map<String, Object> properties = Map.ofEntries(Map.entry("server.port", port),
				Map.entry("server.address", "127.0.0.1"),
				Map.entry("spring.kafka.bootstrap-servers", this.bootstrapServers),
				Map.entry("holdfast.api.token", TOKEN), Map.entry("holdfast.volumes." + VOLUME, this.volume.root()),
				Map.entry("holdfast.deletes.policy." + VOLUME, "mirror"),
				Map.entry("holdfast.store.endpoint", this.s3.endpoint()),
				Map.entry("holdfast.store.region", this.s3.region()),
				Map.entry("holdfast.store.bucket", this.replicas.name()),
				Map.entry("holdfast.store.access-key", this.s3.accessKey()),
				Map.entry("holdfast.store.secret-key", this.s3.secretKey()));
		return JavaPart.start("the worker", this.classPath, jvm, "dev.holdfast.worker.SyncWorker", arguments,
				environment(properties), log("worker"));
	}

	/**
	 * Starts app-service, which does not look at what others write, and waits until it is
	 * ready.
	 * @param port where it is to listen
	 */
	JavaPart startApp(int port) throws IOException, InterruptedException {
		return startApp(port, List.of("--holdfast.watch.mode=off"));
	}

	/**
	 * Starts app-service as a watcher of what others write, by inotify and with nobody to
	 * ask about many deletes, and waits until it is ready.
	 */
	JavaPart startWatchingApp(int port) throws IOException, InterruptedException {
		return startApp(port, List.of("--holdfast.watch.mode=inotify", "--holdfast.guard.delete-count=1000000",
				"--holdfast.guard.change-count=1000000"));
	}

	private JavaPart startApp(int port, List<String> further) throws IOException, InterruptedException {
		JavaPart app = launchApp(port, further);
		awaitReady(app, port);
		return app;
	}

	/**
	 * Starts app-service and does not wait.
	 * @param arguments what is to be other than for the other measures
	 */
	JavaPart launchApp(int port, List<String> arguments) throws IOException {
		Map<String, Object> properties = Map.of("server.port", port, "server.address", "127.0.0.1",
				"spring.kafka.bootstrap-servers", this.bootstrapServers, "holdfast.api.token", TOKEN,
				"holdfast.data-dir", this.work.resolve("app-data"), "holdfast.volumes." + VOLUME, this.volume.root(),
				"holdfast.scan.on-start", false);
		return JavaPart.start("app-service", this.classPath,
				List.of("-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED"),
				"dev.holdfast.app.AppService", arguments, environment(properties), log("app-service"));
	}

	/**
	 * Properties as environment variables, which commands without an application context
	 * read, too.
	 */
	private static Map<String, String> environment(Map<String, Object> properties) {
		return properties.entrySet()
			.stream()
			.collect(Collectors.toMap(
					(property) -> property.getKey().toUpperCase(Locale.ROOT).replace('.', '_').replace("-", ""),
					(property) -> property.getValue().toString()));
	}

	/**
	 * Waits until a part's readiness says yes.
	 */
	void awaitReady(JavaPart part, int port) throws InterruptedException {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness"))
			.timeout(Duration.ofSeconds(5))
			.build();
		long until = System.nanoTime() + START.toNanos();
		String last = "no answer";
		while (System.nanoTime() < until) {
			part.checkAlive();
			try {
				HttpResponse<String> response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
				if (response.statusCode() == 200) {
					return;
				}
				last = response.statusCode() + " " + response.body();
			}
			catch (IOException ex) {
				last = ex.toString();
			}
			LockSupport.parkNanos(POLL.toNanos());
		}
		part.close();
		throw new IllegalStateException("not ready after " + START + ": " + last + "; logs are in " + this.work);
	}

	/**
	 * Removes a tree from the volume and its copies from both buckets.
	 */
	void remove(Tree tree) throws IOException {
		this.replicas.empty(VOLUME + "/" + tree.name() + "/");
		this.plain.empty(tree.name() + "/");
		delete(tree.directory());
	}

	static void delete(Path directory) throws IOException {
		if (!Files.exists(directory)) {
			return;
		}
		List<Path> all = new ArrayList<>();
		try (var walk = Files.walk(directory)) {
			walk.forEach(all::add);
		}
		for (Path path : all.reversed()) {
			Files.delete(path);
		}
	}

	@Override
	public void close() {
		if (this.ledger != null) {
			this.ledger.close();
		}
		this.events.close();
		this.replicas.close();
		this.plain.close();
		this.broker.close();
		this.http.close();
	}

}
