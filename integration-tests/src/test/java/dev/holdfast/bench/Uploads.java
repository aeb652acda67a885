package dev.holdfast.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Small files at a steady rate, each begun when its time has come and not when the one
 * before is done, so that a slow answer hides nothing.
 */
final class Uploads {

	private static final int CREATED = 201;

	/** As werkzeug writes uploads. */
	private static final int CHUNK = 16 * 1024;

	private final Rig rig;

	private final int appPort;

	private final int rate;

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	/**
	 * Requests to an app-service and a bucket.
	 * @param rate files per second
	 */
	Uploads(Rig rig, int appPort, int rate) {
		this.rig = rig;
		this.appPort = appPort;
		this.rate = rate;
	}

	private interface Step {

		void run(int number, byte[] content) throws IOException, InterruptedException;

	}

	/**
	 * Uploads to app-service and waits for the replicas.
	 * @param name the directory they go to
	 * @param goOn asked before each whether there is to be another one
	 * @return for each upload the milliseconds from its acknowledgement to its record in
	 * the ledger
	 */
	List<Double> uploads(String name, int atMost, BooleanSupplier goOn, JavaPart worker)
			throws IOException, InterruptedException {
		LedgerWatch.Round round = this.rig.ledger().expect(name, atMost);
		Map<String, Long> acknowledged = new ConcurrentHashMap<>();
		steadily(this.rate, atMost, goOn, (number, content) -> {
			String path = name + "/u" + number + ".png";
			upload(path, content);
			acknowledged.put(path, System.nanoTime());
		});
		return untilReplicated(acknowledged, round, worker);
	}

	/**
	 * Writes files into the volume as other programs do, in place and in chunks, and
	 * waits for the replicas.
	 * @param name the directory they go to
	 * @return for each file the milliseconds from its being closed to its record in the
	 * ledger
	 */
	List<Double> foreignWrites(String name, int count, JavaPart worker) throws IOException, InterruptedException {
		Path directory = Files.createDirectories(this.rig.volume().root().resolve(name));
		LedgerWatch.Round round = this.rig.ledger().expect(name, count);
		Map<String, Long> closed = new ConcurrentHashMap<>();
		steadily(this.rate, count, () -> true, (number, content) -> {
			String file = "w" + number + ".png";
			try (OutputStream out = Files.newOutputStream(directory.resolve(file))) {
				for (int at = 0; at < content.length; at += CHUNK) {
					out.write(content, at, Math.min(CHUNK, content.length - at));
				}
			}
			closed.put(name + "/" + file, System.nanoTime());
		});
		return untilReplicated(closed, round, worker);
	}

	private static List<Double> untilReplicated(Map<String, Long> begun, LedgerWatch.Round round, JavaPart worker)
			throws InterruptedException {
		round.awaitThese(begun.keySet(), worker);
		List<Double> millis = new ArrayList<>(begun.size());
		begun.forEach(
				(path, at) -> millis.add(Math.max(0, Objects.requireNonNull(round.arrivals().get(path)) - at) / 1e6));
		return millis;
	}

	/**
	 * Puts the same kind of files into the bucket directly.
	 * @return for each put the milliseconds it took
	 */
	List<Double> puts(String name, int atMost, BooleanSupplier goOn) throws IOException, InterruptedException {
		Map<Integer, Double> millis = new ConcurrentHashMap<>();
		steadily(this.rate, atMost, goOn, (number, content) -> {
			long start = System.nanoTime();
			this.rig.plain().put(name + "/u" + number + ".png", content);
			millis.put(number, (System.nanoTime() - start) / 1e6);
		});
		return List.copyOf(millis.values());
	}

	private void upload(String path, byte[] content) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest
			.newBuilder(URI
				.create("http://127.0.0.1:" + this.appPort + "/api/v1/media/" + this.rig.volume().name() + "/" + path))
			.header("Authorization", "Bearer " + Rig.TOKEN)
			.PUT(HttpRequest.BodyPublishers.ofByteArray(content))
			.build();
		HttpResponse<String> response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
		if (response.statusCode() != CREATED) {
			throw new IllegalStateException(
					"upload of " + path + " was answered " + response.statusCode() + ": " + response.body());
		}
	}

	private void steadily(int rate, int atMost, BooleanSupplier goOn, Step step) {
		Settings settings = this.rig.settings();
		long interval = 1_000_000_000L / rate;
		SplittableRandom random = new SplittableRandom(System.nanoTime());
		AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
		int sent = 0;
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			long start = System.nanoTime();
			while (sent < atMost && goOn.getAsBoolean() && failed.get() == null) {
				byte[] content = new byte[settings.size];
				random.nextBytes(content);
				long due = start + sent * interval;
				for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
					LockSupport.parkNanos(left);
				}
				int number = sent++;
				executor.execute(() -> {
					try {
						step.run(number, content);
					}
					catch (IOException | InterruptedException | RuntimeException ex) {
						failed.compareAndSet(null, ex);
					}
				});
			}
		}
		Exception first = failed.get();
		if (first != null) {
			throw new IllegalStateException("of " + sent + " steady requests one failed: " + first.getMessage(), first);
		}
	}

}
