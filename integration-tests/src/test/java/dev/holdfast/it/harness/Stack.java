package dev.holdfast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.holdfast.model.Replicated;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A whole Holdfast: broker, S3 endpoint, app-service and worker, each a process of its
 * own, with one volume {@code media} and one versioned bucket. In the profile
 * {@code containers} broker and S3 endpoint are containers.
 */
public final class Stack implements AutoCloseable {

	/** The bucket. */
	public static final String BUCKET = "holdfast";

	/** The region that everybody pretends to be in. */
	public static final String REGION = "eu-central-1";

	/** The consumer group of all workers of the store. */
	public static final String GROUP = "holdfast-replicate.primary";

	/** Lets stubborn failures be tried again within seconds. */
	public static final String SHORT_LANES = "--holdfast.retry.lane-delays=500ms,1s,2s";

	/**
	 * For what happens within a second or two on a machine that has nothing else to do.
	 */
	public static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final SecureRandom RANDOM = new SecureRandom();

	private final Path directory;

	private final String token = secret();

	private final String accessKey = "AK" + secret().substring(0, 18);

	private final String secretKey = secret();

	private final int firstWorkerPort = Ports.next();

	private final List<Part> parts = new ArrayList<>();

	private final List<Worker> workers = new ArrayList<>();

	private final List<String> workerArguments;

	private final Set<Replicated> foundTrue = ConcurrentHashMap.newKeySet();

	private final @Nullable FaultyStore faulty;

	private final String deletes;

	private final boolean versioned;

	private final Part broker;

	private final Part s3;

	private final URI s3Uri;

	private final ProcessPart app;

	private final Api api;

	private final EventLog log;

	private final Bucket bucket;

	private Stack(Builder builder) {
		this.directory = builder.directory;
		this.workerArguments = List.copyOf(builder.workerArguments);
		this.deletes = builder.deletes;
		this.versioned = builder.versioned;
		int appPort = Ports.next();
		int kafkaPort = Ports.next();
		this.log = new EventLog("127.0.0.1:" + kafkaPort);
		this.broker = Containers.inUse() ? Containers.kafka(kafkaPort, this.log::isUp)
				: new ProcessPart("broker",
						Distribution.command("dev.holdfast.broker.KafkaBrokerMain", List.of("--data",
								this.directory.resolve("kafka").toString(), "--port", Integer.toString(kafkaPort))),
						Map.of(), this.directory, this.log::isUp);
		int s3Port = Ports.next();
		this.s3Uri = URI.create("http://127.0.0.1:" + s3Port);
		this.s3 = Containers.inUse() ? Containers.localStack(s3Port) : new S3Part(this.directory.resolve("s3"), s3Port);
		this.faulty = builder.faulty ? FaultyStore.before(this.s3Uri) : null;
		URI appUri = URI.create("http://127.0.0.1:" + appPort);
		this.app = new ProcessPart("app-service",
				Distribution.command("dev.holdfast.app.AppService", appArguments(appPort, builder)),
				Map.of("HOLDFAST_API_TOKEN", this.token), this.directory,
				() -> Http.isOk(appUri.resolve("/actuator/health/readiness")));
		this.api = new Api(appUri, this.token);
		this.bucket = new Bucket(s3Uri(), REGION, BUCKET, this.accessKey, this.secretKey);
		this.parts.addAll(List.of(this.broker, this.s3, this.app));
	}

	private List<String> appArguments(int port, Builder builder) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=" + port, "--server.address=127.0.0.1",
				"--holdfast.data-dir=" + this.directory.resolve("app-data"), "--holdfast.volumes.media=" + volume(),
				"--spring.kafka.bootstrap-servers=" + this.log.bootstrapServers(),
				"--holdfast.kafka.replication-factor=1",
				"--holdfast.workers=http://127.0.0.1:" + this.firstWorkerPort));
		arguments.addAll(builder.appArguments);
		return arguments;
	}

	/**
	 * A stack with a name of its own below the build's directory.
	 */
	public static Builder named(String name) {
		return new Builder(name);
	}

	/**
	 * Adds a worker that reads the volume and writes to the bucket.
	 * @param endpoint where it believes the store to be
	 */
	public Part addWorker(String name, URI endpoint, String... more) {
		int port = this.workers.isEmpty() ? this.firstWorkerPort : Ports.next();
		List<String> arguments = new ArrayList<>(List.of("--server.port=" + port, "--server.address=127.0.0.1",
				"--holdfast.volumes.media=" + volume(), "--holdfast.data-dir=" + this.directory.resolve(name + "-data"),
				"--spring.kafka.bootstrap-servers=" + this.log.bootstrapServers(),
				"--holdfast.kafka.replication-factor=1", "--holdfast.store.endpoint=" + endpoint,
				"--holdfast.store.region=" + REGION, "--holdfast.store.bucket=" + BUCKET,
				"--holdfast.outage.probe-interval=500ms", "--holdfast.deletes.policy.media=" + this.deletes));
		arguments.addAll(this.workerArguments);
		arguments.addAll(List.of(more));
		URI uri = URI.create("http://127.0.0.1:" + port);
		Part worker = new ProcessPart(
				name, Distribution.command("dev.holdfast.worker.SyncWorker", arguments), Map.of("HOLDFAST_API_TOKEN",
						this.token, "AWS_ACCESS_KEY_ID", this.accessKey, "AWS_SECRET_ACCESS_KEY", this.secretKey),
				this.directory, () -> Http.isOk(uri.resolve("/actuator/health/liveness")));
		this.parts.add(worker);
		this.workers.add(new Worker(worker, uri));
		return worker;
	}

	/**
	 * Ends a worker that a test has added, for good: {@link #up()} does not start it
	 * again.
	 */
	public void dismiss(Part worker) {
		worker.kill();
		this.parts.remove(worker);
		this.workers.removeIf((known) -> known.part() == worker);
	}

	/**
	 * Starts all parts that are not running, at the same time, and waits until every part
	 * can do its work: also for one that somebody else has just started.
	 */
	public Stack up() {
		List<Part> missing = this.parts.stream().filter((part) -> !part.isAlive()).toList();
		missing.forEach(Part::start);
		this.s3.awaitReady();
		this.bucket.create(this.versioned);
		this.parts.forEach(Part::awaitReady);
		return this;
	}

	/**
	 * The broker.
	 */
	public Part broker() {
		return this.broker;
	}

	/**
	 * The S3 endpoint.
	 */
	public Part s3() {
		return this.s3;
	}

	/**
	 * app-service.
	 */
	public Part app() {
		return this.app;
	}

	/**
	 * The first worker.
	 */
	public Part worker() {
		return this.workers.getFirst().part();
	}

	/**
	 * Where the first worker's HTTP port is.
	 */
	public URI workerUri() {
		return this.workers.getFirst().uri();
	}

	/**
	 * What stands between the workers and the S3 endpoint.
	 */
	public FaultyStore faulty() {
		if (this.faulty == null) {
			throw new IllegalStateException("This stack was built without faulty()");
		}
		return this.faulty;
	}

	/**
	 * All parts.
	 */
	public List<Part> parts() {
		return List.copyOf(this.parts);
	}

	/**
	 * app-service's API.
	 */
	public Api api() {
		return this.api;
	}

	/**
	 * The command line, for this instance.
	 */
	public Cli cli() {
		return new Cli(this.api, this.directory);
	}

	/**
	 * The topics.
	 */
	public EventLog log() {
		return this.log;
	}

	/** The ledger records that {@link Ledger#lies} need not look at again. */
	Set<Replicated> foundTrue() {
		return this.foundTrue;
	}

	/**
	 * The bucket.
	 */
	public Bucket bucket() {
		return this.bucket;
	}

	/**
	 * The S3 endpoint's address.
	 */
	public URI s3Uri() {
		return this.s3Uri;
	}

	/**
	 * The root of the volume {@code media}.
	 */
	public Path volume() {
		return this.directory.resolve("media");
	}

	/**
	 * Where app-service keeps its catalog.
	 */
	public Path appData() {
		return this.directory.resolve("app-data");
	}

	/**
	 * The environment of a command that speaks to the bucket.
	 */
	public Map<String, String> storeEnvironment() {
		return Map.of("AWS_ACCESS_KEY_ID", this.accessKey, "AWS_SECRET_ACCESS_KEY", this.secretKey,
				"AWS_STORAGE_BUCKET_NAME", BUCKET, "AWS_S3_REGION_NAME", REGION);
	}

	/**
	 * Everything that must not be seen anywhere.
	 */
	public List<String> secrets() {
		return List.of(this.token, this.secretKey);
	}

	/**
	 * A wait with the patience of these tests.
	 */
	public static ConditionFactory await(String what) {
		return Awaitility.await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(100));
	}

	/**
	 * Waits until the catalog says that this upload's bytes are in the store.
	 */
	public void awaitReplicated(String file) {
		await(file + " to be replicated").until(() -> this.api.state(file), "replicated"::equals);
	}

	/**
	 * Waits until every file that the catalog knows is replicated, and it knows at least
	 * so many.
	 */
	public void awaitAllReplicated(int atLeast) {
		await("all of at least " + atLeast + " files to be replicated").until(this::totals,
				(totals) -> totals.known() >= atLeast && totals.known() == totals.replicated());
	}

	/**
	 * Waits until every event is published and every file has its outcome.
	 */
	public void awaitNothingWaits() {
		await("nothing to wait any more").until(() -> {
			Totals totals = totals();
			return totals.pending() == 0 && totals.retrying() == 0
					&& this.api.status().path("outbox").path("waiting").asInt() == 0;
		});
	}

	/**
	 * The files that the catalog counts.
	 */
	public Totals totals() {
		return Totals.of(this.api.status());
	}

	/**
	 * The ends of all logs, for a person who looks at a failed test.
	 */
	public String report() {
		StringBuilder report = new StringBuilder();
		for (Part part : this.parts) {
			report.append("==== ")
				.append(part.name())
				.append(part.isAlive() ? " (running)" : " (not running)")
				.append("\n")
				.append(Logs.tail(part.log()))
				.append("\n");
		}
		return report.toString();
	}

	/**
	 * Kills all parts, the ones that ask before the ones that are asked.
	 */
	@Override
	public void close() {
		List<AutoCloseable> all = new ArrayList<>(this.parts.reversed());
		if (this.faulty != null) {
			all.add(this.faulty);
		}
		all.add(this.bucket);
		RuntimeException failure = null;
		for (AutoCloseable one : all) {
			try {
				one.close();
			}
			catch (Exception ex) {
				// The others must not stay because of it.
				failure = new IllegalStateException("Could not close " + one, ex);
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private static String secret() {
		byte[] bytes = new byte[24];
		RANDOM.nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	private record Worker(Part part, URI uri) {
	}

	/** What may differ from one test to the next. */
	public static final class Builder {

		private final Path directory;

		private final List<String> appArguments = new ArrayList<>();

		private final List<String> workerArguments = new ArrayList<>();

		private String deletes = "mirror";

		private boolean worker = true;

		private boolean faulty;

		private boolean versioned = true;

		private Builder(String name) {
			try {
				Files.createDirectories(Distribution.work());
				this.directory = Files.createTempDirectory(Distribution.work(), name + "-");
				Files.createDirectories(this.directory.resolve("media"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException("Could not make a directory for stack " + name, ex);
			}
		}

		/**
		 * More arguments for app-service.
		 */
		public Builder app(String... arguments) {
			this.appArguments.addAll(List.of(arguments));
			return this;
		}

		/**
		 * More arguments for every worker.
		 */
		public Builder worker(String... arguments) {
			this.workerArguments.addAll(List.of(arguments));
			return this;
		}

		/**
		 * What becomes of the replicas of deleted files; otherwise they go, so that a
		 * test sees every delete.
		 */
		public Builder deletes(String policy) {
			this.deletes = policy;
			return this;
		}

		/**
		 * With a bucket that keeps no versions.
		 */
		public Builder unversioned() {
			this.versioned = false;
			return this;
		}

		/**
		 * With a {@link FaultyStore} between the worker and the S3 endpoint, without
		 * faults so far.
		 */
		public Builder faulty() {
			this.faulty = true;
			return this;
		}

		/**
		 * Without a worker; the test adds its own.
		 */
		public Builder withoutWorker() {
			this.worker = false;
			return this;
		}

		/**
		 * The stack, not running yet.
		 */
		public Stack build() {
			Stack stack = new Stack(this);
			if (this.worker) {
				stack.addWorker("worker", this.faulty ? stack.faulty().uri() : stack.s3Uri());
			}
			return stack;
		}

	}

}
