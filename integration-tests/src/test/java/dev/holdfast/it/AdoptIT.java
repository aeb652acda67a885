package dev.holdfast.it;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Cli.Said;
import dev.holdfast.it.harness.Http;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaStored;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A volume that was full of files before Holdfast came: all of them are published and
 * replicated, the newest first, whatever happens to app-service on the way.
 */
class AdoptIT {

	private static final int FILES = 600;

	private static final Instant OLDEST = Instant.parse("2025-01-01T00:00:00Z");

	/**
	 * Slow enough to be killed in the middle, and without the watcher, which would be
	 * faster than a scan that is asked for.
	 */
	private final Stack stack = Stack.named("adopt")
		.app("--holdfast.scan.max-files-per-second=25", "--holdfast.watch.mode=off")
		.build();

	private final Map<String, Digest> files = new TreeMap<>();

	@AfterEach
	void close() {
		this.stack.close();
	}

	@Test
	void existingFilesAreAdoptedThroughAKill() throws IOException {
		write();
		this.stack.up();
		Stack.await("a part of the files to be published")
			.until(() -> this.stack.totals().known(), (known) -> known >= FILES / 6);
		JsonNode scan = scan();
		assertThat(scan.path("state").asString()).isEqualTo("reading");
		JsonNode progress = scan.path("progress");
		assertThat(progress.path("filesToRead").asInt()).isEqualTo(FILES);
		assertThat(progress.path("filesRead").asInt()).isBetween(1, FILES - 1);
		assertThat(progress.path("bytesToRead").asLong()).isPositive();
		assertThat(progress.path("filesPerSecond").asDouble()).isPositive().isLessThan(40);
		assertThat(progress.path("secondsLeft").asLong()).isPositive();
		this.stack.app().kill();
		Set<String> early = published();
		assertThat(early).hasSizeLessThan(FILES);

		this.stack.app().up();
		Stack.await("the rest to be replicated")
			.atMost(Duration.ofMinutes(3))
			.until(this.stack::totals, (totals) -> totals.replicated() == FILES);

		assertThat(this.stack.totals().known()).isEqualTo(FILES);
		assertThat(this.files)
			.allSatisfy((file, digest) -> assertThat(this.stack.bucket().digest(file)).as(file).hasValue(digest));
		assertThat(this.stack.bucket().keys()).hasSize(FILES);
		JsonNode again = scan();
		assertThat(again.path("found").path("unchanged").asInt() + again.path("found").path("same-bytes").asInt())
			.as("recorded before the kill, and not read again")
			.isGreaterThanOrEqualTo(early.size());
		assertThat(this.stack.log().stored().stream().map(MediaStored::id).distinct()).hasSize(FILES);
		assertNewestCameFirst(early);
	}

	/** Of those published before the kill nearly all are of the newer part. */
	private void assertNewestCameFirst(Set<String> early) {
		long newer = early.stream().filter((file) -> age(file) < early.size() + 20).count();
		assertThat(newer).as("of %d published before the kill", early.size()).isEqualTo(early.size());
	}

	private static int age(String file) {
		return Integer.parseInt(file.substring(file.lastIndexOf('-') + 1));
	}

	private Set<String> published() {
		Set<String> published = new HashSet<>();
		this.stack.log().stored().forEach((event) -> published.add(event.id().toString()));
		return published;
	}

	@Test
	void aScanThatIsAskedForFindsWhatIsNewAndWhatIsMissing() throws IOException {
		this.stack.up();
		// A request that waits is merged with the scan of the start, where that waits
		// too.
		Stack.await("the scan of the start to be over")
			.until(() -> this.stack.api().status().at("/volumes/0/scan/state").asString(), "done"::equals);
		Path root = this.stack.volume();
		Files.createDirectories(root.resolve("a/b"));
		Files.write(root.resolve("a/b/new"), Bytes.random(1, 5_000));
		Files.write(root.resolve("a/other"), Bytes.random(2, 5_000));
		JsonNode first = scanned("{\"volume\":\"media\",\"path\":\"a/b\"}");
		assertThat(first.path("found").path("published").asInt()).isEqualTo(1);
		assertThat(first.path("seen").asInt()).isEqualTo(1);
		scanned("{}");
		this.stack.awaitAllReplicated(2);

		Files.move(root.resolve("a/b/new"), root.resolve("a/moved"));
		Files.delete(root.resolve("a/other"));
		JsonNode second = scanned("{\"volume\":\"media\"}");
		assertThat(second.path("names").path("missing").valueStream().map(JsonNode::asString))
			.containsExactly("a/b/new", "a/other");
		JsonNode missing = this.stack.api().json("/api/v1/files?state=missing");
		assertThat(missing.path("files").size()).isEqualTo(2);
		assertThat(this.stack.api().status().path("missing").asInt()).isEqualTo(2);
		this.stack.awaitReplicated("media/a/moved");
		assertThat(this.stack.bucket().keys()).as("nothing is deleted by inference")
			.containsExactlyInAnyOrder("media/a/b/new", "media/a/other", "media/a/moved");
	}

	/**
	 * The stamp that the catalog has of the file is made that of other bytes: what it
	 * sees then is what a disk shows that has lost a bit.
	 */
	@Test
	void aChecksumScanReportsRotAndReplicatesNothing() throws IOException, SQLException {
		this.stack.up();
		byte[] good = Bytes.random(1, 5_000);
		this.stack.api().upload("media/a/rotten.png", good);
		this.stack.api().upload("media/a/sound.png", Bytes.random(2, 5_000));
		this.stack.awaitAllReplicated(2);
		this.stack.app().terminate();
		Path file = this.stack.volume().resolve("a/rotten.png");
		byte[] rotten = good.clone();
		rotten[1_234] ^= 4;
		Files.write(file, rotten);
		takeItsStampForTheKnownOne(file);
		this.stack.app().up();

		Said scanned = this.stack.cli().run("scan", "--follow");
		assertThat(scanned.code()).as(scanned.text()).isZero();
		assertThat(scanned.text()).contains("2 unchanged", "0 published").doesNotContain("damaged");
		Said checked = this.stack.cli().run("scan", "--volume", "media", "--checksum", "--follow");

		assertThat(checked.code()).as(checked.text()).isEqualTo(9);
		assertThat(checked.text()).contains("1 unchanged", "0 published", "1 damaged", "a/rotten.png", "replicas");
		assertThat(this.stack.cli().run("status").text()).contains("damaged");
		this.stack.awaitNothingWaits();
		assertThat(this.stack.log().stored()).hasSize(2);
		assertThat(this.stack.bucket().bytes("media/a/rotten.png")).hasValue(good);
		assertThat(this.stack.bucket().versions("media/a/rotten.png")).isEqualTo(1);
	}

	private void takeItsStampForTheKnownOne(Path file) throws IOException, SQLException {
		Map<String, Object> stat = Files.readAttributes(file, "unix:lastModifiedTime,ctime,ino");
		try (Connection catalog = DriverManager
			.getConnection("jdbc:sqlite:" + this.stack.appData().resolve("catalog.db"));
				PreparedStatement update = catalog
					.prepareStatement("UPDATE files SET stamp_modified = ?, stamp_changed = ?, stamp_inode = ? "
							+ "WHERE path = 'a/rotten.png'")) {
			update.setLong(1, nanos(stat.get("lastModifiedTime")));
			update.setLong(2, nanos(stat.get("ctime")));
			update.setObject(3, stat.get("ino"));
			assertThat(update.executeUpdate()).isEqualTo(1);
		}
	}

	private static long nanos(@Nullable Object time) {
		return (time instanceof FileTime moment) ? moment.to(TimeUnit.NANOSECONDS) : 0;
	}

	private JsonNode scanned(String request) throws IOException {
		Answer answer = Http.send(this.stack.api()
			.request("/api/v1/scans")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(request)));
		assertThat(answer.status()).as("%s", answer).isEqualTo(202);
		long id = answer.json().path("scans").path(0).path("id").asLong();
		return Stack.await("scan " + id)
			.until(() -> this.stack.api().json("/api/v1/scans/" + id),
					(scan) -> scan.path("state").asString().equals("done"));
	}

	private JsonNode scan() {
		return this.stack.api().status().path("volumes").path(0).path("scan").path("last");
	}

	/** In some directories, with ages that have nothing to do with the names' order. */
	private void write() throws IOException {
		for (int i = 0; i < FILES; i++) {
			byte[] content = Bytes.random(i, 100 + i * 37 % 9_000);
			String file = "d" + i % 7 + "/é " + i % 11 + "/file-" + i;
			Path path = this.stack.volume().resolve(file);
			Files.createDirectories(path.getParent());
			Files.write(path, content);
			Files.setLastModifiedTime(path, FileTime.from(OLDEST.plus(Duration.ofMinutes(FILES - i))));
			this.files.put("media/" + file, Digest.of(content));
		}
	}

}
