package dev.holdfast.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

	private final Rig rig;

	private final int appPort;

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	Uploads(Rig rig, int appPort) {
		this.rig = rig;
		this.appPort = appPort;
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
		int sent = steadily(atMost, goOn, (number, content) -> {
			String path = name + "/u" + number + ".png";
			upload(path, content);
			acknowledged.put(path, System.nanoTime());
		});
		round.awaitThese(acknowledged.keySet(), worker);
		List<Double> millis = new ArrayList<>(sent);
		acknowledged.forEach(
				(path, at) -> millis.add(Math.max(0, Objects.requireNonNull(round.arrivals().get(path)) - at) / 1e6));
		return millis;
	}

	/**
	 * Puts the same kind of files into the bucket directly.
	 * @return for each put the milliseconds it took
	 */
	List<Double> puts(String name, int atMost, BooleanSupplier goOn) throws IOException, InterruptedException {
		Map<Integer, Double> millis = new ConcurrentHashMap<>();
		steadily(atMost, goOn, (number, content) -> {
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

	private int steadily(int atMost, BooleanSupplier goOn, Step step) throws IOException, InterruptedException {
		Settings settings = this.rig.settings();
		long interval = 1_000_000_000L / settings.rate;
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
		return sent;
	}

}
