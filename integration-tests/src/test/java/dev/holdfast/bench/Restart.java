package dev.holdfast.bench;

import java.io.IOException;
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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * app-service started on a volume of which it knows every file, until its scan has found
 * that nothing has changed, against {@code rclone sync} that finds the same of the same
 * tree. Before that the tree is adopted, once, which is measured, too.
 */
final class Restart {

	private static final Duration AT_MOST = Duration.ofHours(2);

	private static final Duration POLL = Duration.ofMillis(50);

	private static final int PER_DIRECTORY = 100;

	private static final double MEGABYTE = 1024 * 1024;

	private static final JsonMapper JSON = new JsonMapper();

	private Restart() {
	}

	static List<Figure> run(Rig rig) throws IOException, InterruptedException {
		int files = rig.settings().restartFiles;
		Path root = rig.work().resolve("restart");
		write(root, files);
		List<String> options = List.of("--holdfast.volumes." + rig.volume().name() + "=" + root,
				"--holdfast.data-dir=" + rig.work().resolve("restart-data"), "--holdfast.scan.on-start=true",
				"--holdfast.scan.share=100", "--holdfast.scan.settle=0s");
		Run adopted = start(rig, options, files);
		String target = Rclone.remote(rig.plain().name() + "/restart");
		String[] sync = { "sync", "--transfers", "32", "--checkers", "8", "--exclude", "/.holdfast/**", root.toString(),
				target };
		rig.rclone().run(sync);
		List<Usage> ours = new ArrayList<>();
		List<Usage> theirs = new ArrayList<>();
		long resident = 0;
		for (int round = 0; round < rig.settings().restartRounds; round++) {
			if (round % 2 == 0) {
				theirs.add(rig.rclone().run(sync));
			}
			Run run = start(rig, options, files);
			if (run.unchanged() != files) {
				throw new IllegalStateException(
						"of " + files + " unchanged files " + run.unchanged() + " were found so: " + run.found());
			}
			ours.add(run.usage());
			resident = Math.max(resident, run.residentBytes());
			if (round % 2 != 0) {
				theirs.add(rig.rclone().run(sync));
			}
		}
		String title = String.format(Locale.ROOT, "Restart on %,d unchanged files: ", files);
		return List.of(
				Pairs.of(ours, theirs, Usage::wallSeconds)
					.ratio(title + "until the scan is over, against rclone sync", "%.2f s", Figure.Target.atMost(0.1)),
				Pairs.of(ours, theirs, Usage::cpuSeconds).ratio(title + "CPU", "%.2f s", Figure.Target.NONE),
				figure(title + "largest RSS of app-service", resident / MEGABYTE, "MB", Figure.Target.atMost(512)),
				figure(String.format(Locale.ROOT,
						"Adoption of %,d files of 200 B, share 100 %%: until all are recorded", files),
						adopted.usage().wallSeconds(), "s", Figure.Target.NONE),
				figure(String.format(Locale.ROOT, "Adoption of %,d files: largest RSS of app-service", files),
						adopted.residentBytes() / MEGABYTE, "MB", Figure.Target.atMost(512)));
	}

	private static Figure figure(String measure, double value, String unit, Figure.Target target) {
		return new Figure(measure, String.format(Locale.ROOT, "%.1f %s", value, unit), "", value, unit, target,
				Map.of());
	}

	private static void write(Path root, int files) throws IOException {
		byte[] content = new byte[200];
		for (int i = 0; i < files; i++) {
			Path directory = root
				.resolve(String.format(Locale.ROOT, "m%03d/d%04d", i / (PER_DIRECTORY * 100), i / PER_DIRECTORY % 100));
			if (i % PER_DIRECTORY == 0) {
				Files.createDirectories(directory);
			}
			byte[] name = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
			System.arraycopy(name, 0, content, 0, name.length);
			Files.write(
					directory
						.resolve(String.format(Locale.ROOT, "photo_%02d_%08x.jpg", i % PER_DIRECTORY, i * 0x9E3779B1)),
					content);
		}
	}

	/**
	 * The process from its start to the end of its scan.
	 */
	private static Run start(Rig rig, List<String> options, int files) throws IOException, InterruptedException {
		int port = S3Server.freePort();
		long begun = System.nanoTime();
		try (JavaPart app = rig.launchApp(port, options); HttpClient http = HttpClient.newHttpClient()) {
			long until = begun + AT_MOST.toNanos();
			while (System.nanoTime() < until) {
				app.checkAlive();
				JsonNode volume = ask(http, port).path("volumes").path(0);
				if (volume.path("scan").path("state").asString("").equals("done")) {
					long end = System.nanoTime();
					Usage usage = new Usage(Duration.ofNanos(end - begun), app.cpu());
					awaitPublished(http, port, app);
					JsonNode found = volume.path("scan").path("found");
					return new Run(usage, app.peakResidentBytes(), found.path("unchanged").asLong(0), found.toString());
				}
				LockSupport.parkNanos(POLL.toNanos());
			}
		}
		throw new IllegalStateException(
				"the scan of " + files + " files was not over after " + AT_MOST + ": see " + rig.log("app-service"));
	}

	/**
	 * Leaves the next life nothing to publish.
	 */
	private static void awaitPublished(HttpClient http, int port, JavaPart app) throws InterruptedException {
		while (ask(http, port).path("outbox").path("waiting").asLong(1) > 0) {
			app.checkAlive();
			LockSupport.parkNanos(POLL.toNanos());
		}
	}

	private static JsonNode ask(HttpClient http, int port) throws InterruptedException {
		try {
			HttpResponse<String> answer = http
				.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/status"))
					.header("Authorization", "Bearer " + Rig.TOKEN)
					.timeout(Duration.ofSeconds(30))
					.build(), HttpResponse.BodyHandlers.ofString());
			return JSON.readTree((answer.statusCode() == 200) ? answer.body() : "{}");
		}
		catch (IOException ex) {
			// Not listening yet.
			return JSON.createObjectNode();
		}
	}

	/**
	 * One life of app-service.
	 *
	 * @param usage from the start of the process to the end of the scan
	 * @param residentBytes the most memory it had resident
	 * @param unchanged how many files were found unchanged
	 * @param found all that was found, for messages
	 */
	private record Run(Usage usage, long residentBytes, long unchanged, String found) {

	}

}
