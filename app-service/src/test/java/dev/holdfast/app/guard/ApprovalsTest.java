package dev.holdfast.app.guard;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.catalog.HeldNow;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.app.catalog.Holds;
import dev.holdfast.app.catalog.Moment;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.VolumeName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is told of approved changes that cannot be recorded.
 */
class ApprovalsTest {

	private static final VolumeName MEDIA = new VolumeName("media");

	private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

	private static final FileStamp STAMP = new FileStamp(1, 1, 1, 1);

	@TempDir
	Path directory = Path.of("");

	private final FileLocks locks = VolumeFixture.locks();

	private final Map<String, IOException> unreadable = new ConcurrentHashMap<>();

	private final AtomicInteger looks = new AtomicInteger();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(Hindrances.class);

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.setLevel(Level.INFO);
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@Test
	void whyAnApprovedChangeCannotBeReadIsToldOnceForEachReasonAndAgainWhenItIsOver() throws IOException {
		this.unreadable.put("a", new AccessDeniedException("/media/a"));
		this.unreadable.put("b", new AccessDeniedException("/media/b"));
		this.unreadable.put("c", new FileSystemException("/media/c", null, "Input/output error"));
		Path root = Files.createDirectory(this.directory.resolve("media"));
		try (Volumes volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", root.toString()));
				Catalog catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC())) {
			Holds holds = approved(catalog, "a", "b", "c", "d");
			List<Volume> all = List.copyOf(volumes.all());
			try (Approvals approvals = new Approvals(catalog, all, this.locks, this::again)) {
				approvals.start();
				for (int passes = 1; passes <= 3; passes++) {
					goThrough(approvals, 3);
				}
				assertThat(told(Level.WARN)).hasSize(2)
					.anyMatch((line) -> line.contains("no permission")
							&& (line.contains("media/a") || line.contains("media/b")))
					.anyMatch((line) -> line.contains("Input/output error") && line.contains("media/c"));
				assertThat(told(Level.INFO)).isEmpty();

				this.unreadable.remove("a");
				this.unreadable.remove("c");
				approvals.wake();
				await(() -> holds.counts(MEDIA).approved() == 1);
				goThrough(approvals, 1);
				assertThat(told(Level.INFO)).as("b is kept still")
					.hasSize(1)
					.allMatch((line) -> line.contains("Input/output error"));

				this.unreadable.remove("b");
				approvals.wake();
				await(() -> told(Level.INFO).size() == 2);
				assertThat(told(Level.INFO)).last().asString().contains("no permission");
				assertThat(told(Level.WARN)).hasSize(2);
			}
		}
	}

	@Test
	void ofManyReasonsAFewAreToldAndRemembered() {
		Hindrances hindrances = new Hindrances(MEDIA);
		for (int pass = 0; pass < 3; pass++) {
			for (int i = 0; i < 100; i++) {
				hindrances.met(MediaId.of("media", "f" + i), new IOException("reason " + i));
			}
			hindrances.tried();
		}
		assertThat(told(Level.WARN)).hasSize(8);
		assertThat(told(Level.INFO)).isEmpty();
		hindrances.tried();
		assertThat(told(Level.INFO)).hasSize(8);
		hindrances.met(MediaId.of("media", "f99"), new IOException("reason 99"));
		assertThat(told(Level.WARN)).hasSize(9).last().asString().contains("reason 99");
	}

	private static Holds approved(Catalog catalog, String... paths) {
		Holds holds = catalog.holds();
		holds.open(new Hold(MEDIA, Hold.Kind.CHANGES, NOON, "a test", new Moment(NOON, new TreeMap<>())));
		for (String path : paths) {
			MediaId id = MediaId.of("media", path);
			catalog.recordStored(id, STAMP, (version) -> new MediaStored(id, version, 1, Digest.of(new byte[1]),
					"text/plain", NOON, "1000:1000", 0644, Origin.SCAN));
			holds.holdOverwrite(id, NOON, new FileStamp(2, 2, 2, 2), Digest.of(new byte[2]));
		}
		holds.approve(MEDIA, HeldNow.ALL);
		return holds;
	}

	private boolean again(Volume volume, MediaId id) throws IOException {
		this.looks.incrementAndGet();
		IOException problem = this.unreadable.get(id.path());
		if (problem != null) {
			throw problem;
		}
		return true;
	}

	/** Lets all that is left be looked at once more, from the first to the last. */
	private void goThrough(Approvals approvals, int left) {
		int before = this.looks.get();
		await(() -> {
			approvals.wake();
			return this.looks.get() >= before + 2 * left;
		});
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(condition);
	}

	private List<String> told(Level level) {
		return List.copyOf(this.log.list)
			.stream()
			.filter((event) -> event.getLevel() == level)
			.map((event) -> event.getMessage() + event.getKeyValuePairs())
			.toList();
	}

}
