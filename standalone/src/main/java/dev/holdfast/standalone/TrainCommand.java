package dev.holdfast.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import dev.holdfast.broker.FreePort;
import picocli.CommandLine.Command;

/**
 * Runs everything for a moment in a directory that it leaves no trace of, with some
 * uploads, so that the JVM sees what it will have to do. What it learns goes into the AOT
 * cache, with which later starts take half the time.
 */
@Command(name = "train",
		description = "Make later starts faster: run for a moment with some uploads, and keep what the JVM has learned.")
final class TrainCommand implements Callable<Integer> {

	private static final int UPLOADS = 200;

	private static final int UPLOAD_BYTES = 20_000;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Override
	public Integer call() throws Exception {
		Path directory = Files.createTempDirectory("holdfast-train-");
		try (DataDirectory data = DataDirectory.open(directory)) {
			Logging.toFile(data.log());
			Environment nothing = new Environment(Map.of());
			Standalone.Plan plan = new Standalone.Plan(data, Installation.s3Jars(), FreePort.find(),
					Ports.loadOrChoose(data.ports()), Secrets.loadOrCreate(data.secrets(), nothing),
					VolumeChoice.of(List.of(), nothing, data.defaultVolume()), Map.of(), new StoreChoice.Local());
			try (Standalone standalone = new Standalone(plan, new Progress(new PrintWriter(Writer.nullWriter())))) {
				standalone.start();
				exercise(plan);
			}
		}
		finally {
			delete(directory);
		}
		return ExitCode.OK;
	}

	private static void exercise(Standalone.Plan plan) throws IOException, InterruptedException {
		ApiClient status = new ApiClient(plan.url(), plan.secrets().apiToken());
		status.awaitStore();
		byte[] bytes = new byte[UPLOAD_BYTES];
		try (HttpClient client = HttpClient.newHttpClient()) {
			for (int i = 0; i < UPLOADS; i++) {
				RandomGenerator.getDefault().nextBytes(bytes);
				HttpRequest upload = HttpRequest.newBuilder(URI.create(plan.url() + "/api/v1/media/media/" + i))
					.header("Authorization", "Bearer " + plan.secrets().apiToken())
					.PUT(BodyPublishers.ofByteArray(bytes))
					.build();
				client.send(upload, BodyHandlers.discarding());
			}
		}
		long until = System.nanoTime() + PATIENCE.toNanos();
		while (status.status().tree().path("files").path("replicated").asInt(0) < UPLOADS
				&& System.nanoTime() < until) {
			Thread.sleep(Duration.ofMillis(100));
		}
	}

	private static void delete(Path directory) throws IOException {
		List<Path> paths;
		try (Stream<Path> walk = Files.walk(directory)) {
			paths = walk.sorted(Comparator.reverseOrder()).toList();
		}
		for (Path path : paths) {
			Files.deleteIfExists(path);
		}
	}

}
