package dev.holdfast.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.WatchGap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Programs that know nothing of Holdfast write on the volume as they do. In the end the
 * bucket has what the volume has, and nothing was ever published that was not a finished
 * state.
 */
class ForeignWritersIT {

	private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

	@RegisterExtension
	static final Running RUNNING = Running.stack(() -> Stack.named("foreign-writers").build());

	private final Stack stack = RUNNING.get();

	@Test
	void everyFinishedFileIsReplicatedAndNoOtherIsPublished() throws Exception {
		awaitWatched();
		Path top = Files.createDirectories(this.stack.volume().resolve("all"));
		byte[] first = Bytes.random(1, 40_000);
		byte[] second = Bytes.random(2, 40_000);
		writeWithAPause(top.resolve("slow.bin"), first, "all/slow.bin");
		Files.write(top.resolve("rewritten.bin"), first);
		this.stack.awaitReplicated("media/all/rewritten.bin");
		try (FileChannel channel = FileChannel.open(top.resolve("rewritten.bin"), StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			channel.write(ByteBuffer.wrap(second, 0, 20_000));
			Files.setLastModifiedTime(top.resolve("rewritten.bin"), LONG_AGO);
			awaitUnfinished("all/rewritten.bin");
			channel.write(ByteBuffer.wrap(second, 20_000, 20_000));
		}
		moveFromAnotherFileSystem(first, top.resolve("moved.bin"));
		Files.write(top.resolve("replaced.bin"), first);
		this.stack.awaitReplicated("media/all/replaced.bin");
		Path aside = Files.write(this.stack.appData().resolve("aside"), second);
		Files.move(aside, top.resolve("replaced.bin"), StandardCopyOption.ATOMIC_MOVE);
		for (int i = 0; i < 50; i++) {
			Path nested = Files.createDirectories(top.resolve("new-" + i + "/company/icon"));
			Files.write(nested.resolve("logo.png"), first);
		}
		Path outside = this.stack.appData().resolve("album");
		for (int i = 0; i < 200; i++) {
			Files.createDirectories(outside.resolve("part-" + i % 10));
			Files.write(outside.resolve("part-" + i % 10 + "/" + i), first);
		}
		Files.move(outside, top.resolve("album"));
		Files.move(top.resolve("new-7"), top.resolve("renamed"));

		awaitSameAsVolume("all");
		List<Digest> finished = List.of(Digest.of(first), Digest.of(second));
		assertThat(this.stack.log().stored()).filteredOn((event) -> event.id().path().startsWith("all/"))
			.allMatch((event) -> finished.contains(event.digest()));
		assertThat(Ledger.lies(this.stack)).isEmpty();
	}

	@Test
	void anUploadIsNotTakenForAForeignFile() throws IOException {
		awaitWatched();
		for (int i = 0; i < 20; i++) {
			this.stack.api().upload("media/uploads/" + i, Bytes.random(i, 1000));
		}
		Files.write(this.stack.volume().resolve("uploads/foreign"), Bytes.of("seen after the uploads"));

		this.stack.awaitReplicated("media/uploads/foreign");
		Stack.await("the watcher to have looked at all").until(() -> watch().path("settling").asInt() == 0);
		assertThat(this.stack.log().stored()).filteredOn((event) -> event.id().path().startsWith("uploads/"))
			.hasSize(21)
			.filteredOn((event) -> !event.id().path().endsWith("foreign"))
			.allMatch((event) -> event.origin() == Origin.UPLOAD);
	}

	@Test
	void whatWasWrittenWhileAppServiceWasKilledIsAGapAndIsFound() throws IOException {
		awaitWatched();
		this.stack.app().kill();
		Path directory = Files.createDirectories(this.stack.volume().resolve("meanwhile"));
		Files.write(directory.resolve("one"), Bytes.of("1"));
		this.stack.app().up();

		this.stack.awaitReplicated("media/meanwhile/one");
		Stack.await("the gap to be published")
			.until(() -> this.stack.log()
				.events()
				.stream()
				.anyMatch((event) -> event instanceof WatchGap gap && gap.reason() == WatchGap.Reason.NOT_RUNNING
						&& gap.changed() > 0));
		Files.write(directory.resolve("two"), Bytes.of("2"));
		this.stack.awaitReplicated("media/meanwhile/two");
	}

	@Test
	void aFileIsRecordedSoonAfterItIsClosed() throws Exception {
		awaitWatched();
		Path directory = Files.createDirectories(this.stack.volume().resolve("rate"));
		Map<String, Instant> closed = new TreeMap<>();
		AtomicInteger next = new AtomicInteger();
		CountDownLatch enough = new CountDownLatch(400);
		try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
			ScheduledFuture<?> _ = clock.scheduleAtFixedRate(() -> {
				String name = "file-" + next.getAndIncrement();
				try {
					Files.write(directory.resolve(name), Bytes.random(name.hashCode(), 20_000));
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
				synchronized (closed) {
					closed.put("rate/" + name, Instant.now());
				}
				enough.countDown();
			}, 0, 50, TimeUnit.MILLISECONDS);
			assertThat(enough.await(1, TimeUnit.MINUTES)).isTrue();
			clock.shutdown();
		}
		awaitSameAsVolume("rate");
		List<Long> millis = new ArrayList<>();
		for (MediaStored event : this.stack.log().stored()) {
			Instant since = closed.get(event.id().path());
			if (since != null) {
				millis.add(Duration.between(since, event.version().moment()).toMillis());
			}
		}
		Collections.sort(millis);
		System.out.printf("file closed to event recorded, 20 files/s, %d files: p50 %d ms, p99 %d ms, most %d ms%n",
				millis.size(), millis.get(millis.size() / 2), millis.get(millis.size() * 99 / 100), millis.getLast());
		assertThat(millis).hasSizeGreaterThanOrEqualTo(400);
		assertThat(millis.get(millis.size() / 2)).as("told of by the watcher, and not found by a scan, in ms")
			.isLessThan(30_000);
	}

	private void writeWithAPause(Path file, byte[] content, String path) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
			for (int i = 0; i < content.length; i += 1000) {
				channel.write(ByteBuffer.wrap(content, i, 1000));
				if (i == content.length / 2) {
					awaitUnfinished(path);
				}
			}
		}
	}

	private static void moveFromAnotherFileSystem(byte[] content, Path to) throws Exception {
		Path other = Files.write(Files.createTempFile(Path.of("/dev/shm"), "holdfast", ".bin"), content);
		Files.setLastModifiedTime(other, LONG_AGO);
		assertThat(new ProcessBuilder("mv", other.toString(), to.toString()).inheritIO().start().waitFor()).isZero();
	}

	private JsonNode watch() {
		return this.stack.api().status().path("volumes").path(0).path("watch");
	}

	/**
	 * And the gap of the start closed: without that the next start knows of no time
	 * before it.
	 */
	private void awaitWatched() {
		Stack.await("the volume to be watched").until(() -> {
			JsonNode volume = this.stack.api().status().path("volumes").path(0);
			return volume.at("/watch/mode").asString("").equals("inotify")
					&& volume.at("/scan/state").asString("").equals("done")
					&& !volume.at("/watch/closing").asBoolean(true);
		});
	}

	private void awaitUnfinished(String path) {
		Stack.await(path + " to be seen unfinished").until(() -> {
			for (JsonNode file : watch().path("unfinished")) {
				if (file.path("path").asString("").equals(path)) {
					return true;
				}
			}
			return false;
		});
	}

	private void awaitSameAsVolume(String below) {
		Stack.await("the bucket to have what is below " + below).untilAsserted(() -> {
			for (Map.Entry<String, Digest> file : onVolume(below).entrySet()) {
				assertThat(this.stack.bucket().digest("media/" + file.getKey())).as(file.getKey())
					.hasValue(file.getValue());
			}
		});
	}

	private Map<String, Digest> onVolume(String below) throws IOException {
		Map<String, Digest> found = new TreeMap<>();
		try (Stream<Path> files = Files.walk(this.stack.volume().resolve(below))) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				found.put(this.stack.volume().relativize(file).toString(), Digest.of(Files.readAllBytes(file)));
			}
		}
		return found;
	}

}
