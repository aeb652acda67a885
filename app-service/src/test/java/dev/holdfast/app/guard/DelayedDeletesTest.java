package dev.holdfast.app.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class DelayedDeletesTest {

	@TempDir
	Path directory;

	private final BlockingQueue<String> decided = new LinkedBlockingQueue<>();

	private final AtomicLong failed = new AtomicLong();

	@Test
	void oneThatCannotBeDecidedKeepsNoOtherFromIt() throws Exception {
		try (Volumes volumes = volumes();
				DelayedDeletes deletes = new DelayedDeletes(Duration.ofMillis(1), this::decide,
						this.failed::incrementAndGet)) {
			Volume volume = volumes.find(new VolumeName("media")).orElseThrow();
			for (String name : List.of("fault", "unreadable", "a")) {
				deletes.add(volume, MediaId.of("media", name), 1);
			}
			assertThat(this.decided.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
			assertThat(this.failed).hasValue(2);
		}
	}

	@Test
	void whatIsLeftIsDecidedAtTheEndAlthoughOneFails() throws Exception {
		try (Volumes volumes = volumes()) {
			Volume volume = volumes.find(new VolumeName("media")).orElseThrow();
			try (DelayedDeletes deletes = new DelayedDeletes(Duration.ofMinutes(5), this::decide,
					this.failed::incrementAndGet)) {
				for (String name : List.of("fault", "a", "unreadable", "b")) {
					deletes.add(volume, MediaId.of("media", name), 1);
				}
			}
			assertThat(this.decided).containsExactlyInAnyOrder("a", "b");
			assertThat(this.failed).hasValue(2);
		}
	}

	private void decide(DelayedDeletes.Delete delete) throws IOException {
		switch (delete.id().path()) {
			case "fault" -> throw new IllegalStateException("a fault");
			case "unreadable" -> throw new IOException("the disk is broken");
			default -> this.decided.add(delete.id().path());
		}
	}

	private Volumes volumes() throws IOException {
		Path root = Files.createDirectories(this.directory.resolve("media"));
		return VolumeFixture.open(this.directory.resolve("data"), Map.of("media", root.toString()));
	}

}
