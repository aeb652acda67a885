package dev.holdfast.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an app does to its uploads in two days, in minutes: files are created, overwritten
 * in place, replaced by rename, appended to, renamed and deleted, directories are moved,
 * and app-service is stopped for a moment while more happens than the kernel keeps for
 * it. In the end, volume and bucket are compared by someone who knows neither the log nor
 * the catalog.
 */
final class Churn {

	private static final String NAME = "churn";

	private static final int FOLDERS = 40;

	private static final int STEPS = 8_000;

	/** Creating and closing are two events each, and the kernel keeps 16,384. */
	private static final int OVERFLOW = 12_000;

	private static final Duration STEP = Duration.ofMillis(5);

	private static final Duration PATIENCE = Duration.ofMinutes(4);

	private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

	private static final int SHOWN = 10;

	private static final JsonMapper JSON = new JsonMapper();

	private final Path root;

	private final SplittableRandom random;

	private final List<Path> files = new ArrayList<>();

	private int number;

	private Churn(Path root, long seed) {
		this.root = root;
		this.random = new SplittableRandom(seed);
	}

	static List<Figure> run(Rig rig) throws IOException, InterruptedException {
		Churn churn = new Churn(Files.createDirectories(rig.volume().root().resolve(NAME)), rig.settings().seed);
		int port = S3Server.freePort();
		try (JavaPart worker = rig.startWorker(); JavaPart app = rig.startWatchingApp(port)) {
			churn.steps(STEPS / 2);
			app.signal("STOP");
			churn.overflow();
			app.signal("CONT");
			churn.steps(STEPS / 2);
			long end = System.nanoTime();
			List<String> differing = List.of("not looked yet");
			while (!differing.isEmpty() && System.nanoTime() - end < PATIENCE.toNanos()) {
				LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
				worker.checkAlive();
				app.checkAlive();
				Set<String> missing = missing(port);
				differing = differences(rig, churn.root, NAME).stream()
					.filter((line) -> !missing.contains(line))
					.toList();
			}
			int unseen = differences(rig, churn.root, NAME).size() - differing.size();
			String took = String.format(Locale.ROOT, "%,d operations; alike %d s after the last", STEPS + OVERFLOW,
					Duration.ofNanos(System.nanoTime() - end).toSeconds());
			return List.of(
					new Figure("48 hours of an app's behaviour, with an overflow: volume against bucket", took, "",
							differing.size(), "differences", Figure.Target.atMost(0),
							Map.of("first", first(differing), "files", churn.files.size())),
					new Figure("the same: deleted unseen in the overflow, so kept in the bucket and told as missing",
							"", "", unseen, "files", Figure.Target.NONE, Map.of()));
		}
	}

	/**
	 * The files that app-service says are gone without evidence of a delete, as
	 * {@code rclone check} tells of them.
	 */
	private static Set<String> missing(int port) throws IOException, InterruptedException {
		Set<String> found = new HashSet<>();
		try (HttpClient http = HttpClient.newHttpClient()) {
			String after = "";
			do {
				HttpRequest request = HttpRequest
					.newBuilder(URI.create("http://127.0.0.1:" + port
							+ "/api/v1/files?volume=bench&state=missing&limit=1000&prefix=" + NAME + "/" + after))
					.header("Authorization", "Bearer " + Rig.TOKEN)
					.build();
				HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
				if (answer.statusCode() != 200) {
					throw new IllegalStateException("the missing files: " + answer.statusCode() + " " + answer.body());
				}
				JsonNode page = JSON.readTree(answer.body());
				page.path("files")
					.forEach((file) -> found.add("- " + file.path("path").asString("").substring(NAME.length() + 1)));
				String next = page.path("next").asString("");
				after = next.isEmpty() ? "" : "&after=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
			}
			while (!after.isEmpty());
		}
		return found;
	}

	/**
	 * The paths in which directory and replicas differ, as {@code rclone check} sees it:
	 * {@code +} only on the volume, {@code -} only in the bucket, {@code *} other bytes.
	 */
	static List<String> differences(Rig rig, Path directory, String name) throws IOException, InterruptedException {
		return rig.rclone()
			.differences(directory.toString(),
					Rclone.remote(rig.replicas().name() + "/" + rig.volume().name() + "/" + name));
	}

	static List<String> first(List<String> paths) {
		return paths.subList(0, Math.min(SHOWN, paths.size()));
	}

	private void steps(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			step();
			LockSupport.parkNanos(STEP.toNanos());
		}
	}

	private void step() throws IOException {
		int kind = this.files.isEmpty() ? 0 : this.random.nextInt(100);
		if (kind < 50) {
			create();
		}
		else if (kind < 65) {
			write(any(), StandardOpenOption.TRUNCATE_EXISTING);
		}
		else if (kind < 75) {
			Path file = any();
			Path temporary = file.resolveSibling(".up" + this.number++ + ".part");
			write(temporary, StandardOpenOption.CREATE);
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		else if (kind < 82) {
			write(any(), StandardOpenOption.APPEND);
		}
		else if (kind < 90) {
			Files.delete(this.files.remove(this.random.nextInt(this.files.size())));
		}
		else if (kind < 98) {
			int which = this.random.nextInt(this.files.size());
			Path to = target();
			Files.move(this.files.get(which), to, StandardCopyOption.ATOMIC_MOVE);
			this.files.set(which, to);
		}
		else {
			moveDirectory();
		}
	}

	private void moveDirectory() throws IOException {
		Path from = Objects.requireNonNull(any().getParent());
		Path to = this.root.resolve("moved" + this.number++);
		Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
		this.files.replaceAll((file) -> file.startsWith(from) ? to.resolve(from.relativize(file)) : file);
	}

	private void create() throws IOException {
		Path file = target();
		write(file, StandardOpenOption.CREATE_NEW);
		this.files.add(file);
	}

	private void overflow() throws IOException {
		for (int i = 0; i < OVERFLOW; i++) {
			create();
		}
	}

	private Path target() throws IOException {
		Path folder = this.root.resolve("folder" + this.random.nextInt(FOLDERS));
		return Files.createDirectories(folder).resolve("file" + this.number++ + ".png");
	}

	private void write(Path file, StandardOpenOption how) throws IOException {
		byte[] content = new byte[1 + this.random.nextInt(30_000)];
		this.random.nextBytes(content);
		try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE, how)) {
			out.write(content, 0, content.length / 2);
			out.write(content, content.length / 2, content.length - content.length / 2);
		}
	}

	private Path any() {
		return this.files.get(this.random.nextInt(this.files.size()));
	}

}
