package dev.holdfast.standalone;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.holdfast.app.AppService;
import dev.holdfast.broker.KafkaBroker;
import dev.holdfast.standalone.StoreChoice.Local;
import dev.holdfast.standalone.StoreChoice.Own;
import dev.holdfast.worker.SyncWorker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * All parts of Holdfast in this process. They are started as their dependencies allow,
 * though none of them needs that, and stopped in the order in which work flows, so that
 * what is under way is finished: worker, app-service, broker, S3 endpoint.
 */
final class Standalone implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);

	private final Plan plan;

	private final Progress progress;

	private final CompletableFuture<String> failure = new CompletableFuture<>();

	private volatile @Nullable S3Supervisor s3;

	private volatile @Nullable KafkaBroker broker;

	private volatile @Nullable ConfigurableApplicationContext app;

	private volatile @Nullable ConfigurableApplicationContext worker;

	Standalone(Plan plan, Progress progress) {
		this.plan = plan;
		this.progress = progress;
	}

	/**
	 * What runs where.
	 *
	 * @param data the data directory
	 * @param s3Jars the jars of the local S3 endpoint
	 * @param port app-service's port
	 * @param ports all other ports
	 * @param secrets the instance's secrets
	 * @param volumes directories by volume name
	 * @param profiles how volumes are looked after, by volume name
	 * @param store where the replicas go
	 */
	record Plan(DataDirectory data, Path s3Jars, int port, Ports ports, Secrets secrets, Map<String, Path> volumes,
			Map<String, ProfileChoice> profiles, StoreChoice store) {

		String url() {
			return "http://127.0.0.1:" + this.port;
		}

		String kafka() {
			return "127.0.0.1:" + this.ports.kafka();
		}

		String worker() {
			return "http://127.0.0.1:" + this.ports.worker();
		}

		Connection.S3 s3() {
			return switch (this.store) {
				case Local() -> new Connection.S3("http://127.0.0.1:" + this.ports.s3(), StoreChoice.LOCAL_REGION,
						StoreChoice.LOCAL_BUCKET, this.secrets.s3AccessKey(), this.secrets.s3SecretKey());
				case Own(String bucket, String endpoint, String region) ->
					new Connection.S3(endpoint, region, bucket, null, null);
			};
		}

		Connection connection() {
			Map<String, String> directories = new java.util.TreeMap<>();
			this.volumes.forEach((name, directory) -> directories.put(name, directory.toString()));
			return new Connection(url(), this.secrets.apiToken(), kafka(), s3(), "primary", worker(), directories,
					ProcessHandle.current().pid());
		}

	}

	/**
	 * Starts everything and returns when both services take requests.
	 */
	void start() {
		inParallel(() -> {
			if (this.plan.store() instanceof Local) {
				this.s3 = this.progress.step("S3 endpoint",
						() -> S3Supervisor.start(this.plan.s3Jars(), this.plan.data().s3(), this.plan.ports().s3()));
			}
			return null;
		}, () -> {
			KafkaBroker started = this.progress.step("Kafka broker",
					() -> KafkaBroker.start(this.plan.data().kafka(), this.plan.ports().kafka()));
			this.broker = started;
			started.failure().thenAccept((reason) -> this.failure.complete("Kafka broker gave up: " + reason));
			return null;
		});
		inParallel(() -> {
			this.app = this.progress.step("app-service",
					() -> run(AppService.class, AppService.application(), PartSettings.app(this.plan)));
			return null;
		}, () -> {
			this.worker = this.progress.step("sync-worker",
					() -> run(SyncWorker.class, SyncWorker.application(), PartSettings.worker(this.plan)));
			return null;
		});
	}

	private static ConfigurableApplicationContext run(Class<?> main, SpringApplicationBuilder application,
			Map<String, String> settings) {
		// Ours is the one shutdown hook: Spring's would stop both contexts at once.
		return application.main(main)
			.registerShutdownHook(false)
			.run(settings.entrySet()
				.stream()
				.map((setting) -> "--" + setting.getKey() + "=" + setting.getValue())
				.toArray(String[]::new));
	}

	private static void inParallel(Callable<?> one, Callable<?> other) {
		CompletableFuture<Void> second = new CompletableFuture<>();
		Thread.ofPlatform().name("start").start(() -> complete(second, other));
		CompletableFuture<Void> first = new CompletableFuture<>();
		complete(first, one);
		try {
			CompletableFuture.allOf(first, second).join();
		}
		catch (CompletionException ex) {
			throw StartFailures.explain((ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	private static void complete(CompletableFuture<Void> future, Callable<?> step) {
		try {
			step.call();
			future.complete(null);
		}
		catch (Exception | LinkageError ex) {
			future.completeExceptionally(ex);
		}
	}

	/**
	 * Completes with the reason when a part that nothing goes on without has given up.
	 */
	CompletableFuture<String> failure() {
		return this.failure;
	}

	/**
	 * Stops what runs, in order. A part that fails to stop does not keep the next ones
	 * from it.
	 */
	@Override
	public void close() {
		List<Part> parts = new ArrayList<>();
		parts.add(new Part("sync-worker", this.worker));
		parts.add(new Part("app-service", this.app));
		parts.add(new Part("Kafka broker", this.broker));
		parts.add(new Part("S3 endpoint", this.s3));
		for (Part part : parts) {
			stop(part);
		}
	}

	private void stop(Part part) {
		AutoCloseable running = part.running();
		if (running == null) {
			return;
		}
		try {
			running.close();
			this.progress.say("  " + part.name() + " stopped");
		}
		catch (Exception ex) {
			LOG.atError().addKeyValue("part", part.name()).setCause(ex).log("Part did not stop in good order");
			this.progress.say("  " + part.name() + " did not stop in good order: " + ex.getMessage());
		}
	}

	private record Part(String name, @Nullable AutoCloseable running) {
	}

}
