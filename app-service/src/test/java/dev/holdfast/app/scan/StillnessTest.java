package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.app.scan.Stillness.Verdict;
import dev.holdfast.app.scan.WriterProbe.Answer;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a file is taken for finished whose times are yet to come: they were set by another
 * machine's clock, or this one's was set back.
 */
class StillnessTest {

	private static final Duration SETTLE = Duration.ofMinutes(10);

	private static final Duration SETTLE_CLOSED = Duration.ofSeconds(1);

	private static final MediaId FILE = MediaId.of("media", "file");

	@TempDir
	Path directory;

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

	private Answer answer = Answer.UNKNOWN;

	private Path file;

	private Volumes volumes;

	private Stillness stillness;

	@BeforeEach
	void open() throws IOException {
		Path root = Files.createDirectories(this.directory.resolve("media"));
		this.file = Files.writeString(root.resolve("file"), "half");
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", root.toString()));
		Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
		ScanSettings settings = new ScanSettings(true, SETTLE, SETTLE_CLOSED, Duration.ZERO, 100, 0, 0,
				DataSize.ofBytes(0));
		this.stillness = new Stillness((_, _) -> this.answer, settings, behind, this.nanos::get);
	}

	@AfterEach
	void close() {
		this.volumes.close();
	}

	@Test
	void itIsStillSinceItWasFirstSeenSo() throws IOException {
		assertThat(ask()).isEqualTo(Verdict.UNFINISHED);
		pass(SETTLE.minusNanos(1));
		assertThat(ask()).isEqualTo(Verdict.UNFINISHED);
		pass(Duration.ofNanos(1));
		assertThat(ask()).isEqualTo(Verdict.STILL);
	}

	@Test
	void eachChangeBeginsAnew() throws IOException {
		assertThat(ask()).isEqualTo(Verdict.UNFINISHED);
		pass(SETTLE);
		Files.writeString(this.file, "a longer half");
		assertThat(ask()).isEqualTo(Verdict.UNFINISHED);
		pass(SETTLE);
		assertThat(ask()).isEqualTo(Verdict.STILL);
	}

	@Test
	void whereTheSystemTellsThatNobodyWritesItAMomentWillDo() throws IOException {
		this.answer = Answer.NOT_WRITTEN;
		assertThat(ask()).isEqualTo(Verdict.UNFINISHED);
		pass(SETTLE_CLOSED);
		assertThat(ask()).isEqualTo(Verdict.FINISHED);
		this.answer = Answer.WRITTEN;
		pass(SETTLE);
		assertThat(ask()).isEqualTo(Verdict.UNFINISHED);
	}

	@Test
	void whoAsksWhenToComeAgainWaitsForTheSettleTime() throws IOException {
		assertThat(this.stillness.untilSettled(FileStat.of(this.file).stamp())).isEqualTo(SETTLE);
	}

	private Verdict ask() throws IOException {
		try (Place place = this.volumes.find(new VolumeName("media")).orElseThrow().find(FILE).orElseThrow()) {
			return this.stillness.of(FILE, place, place.stat().orElseThrow());
		}
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

}
