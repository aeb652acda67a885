package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.watch.WatchSettings.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A volume whose rules leave names out: the watcher does so, too.
 */
@Timeout(180)
class ProfiledTest {

	private static final byte[] CONTENT = { 1, 2, 3 };

	@TempDir
	Path directory;

	private Watched watched;

	@BeforeEach
	void watch() throws IOException {
		this.watched = new Watched(this.directory, Watched.settings(Mode.AUTO), Watched.scanSettings(),
				new LeaseProbe(), new FileRules() {

					@Override
					public boolean covers(String path) {
						return mayCover(path) && !path.endsWith(".part");
					}

					@Override
					public boolean mayCover(String path) {
						return !FileRules.isReserved(path) && !path.equals("secret") && !path.startsWith("secret/");
					}

				});
		Files.createDirectories(this.watched.path("secret/there"));
		this.watched.watch();
	}

	@AfterEach
	void close() {
		this.watched.close();
	}

	@Test
	void whatTheRulesLeaveOutIsNeverRecorded() throws IOException {
		for (String path : new String[] { "secret/key", "secret/there/key", "secret/new/key", "a.part", "b/c.part" }) {
			write(path);
		}
		awaitAll();
		assertThat(this.watched.recorded()).containsOnlyKeys("last");
		assertThat(this.watched.counts().watches.get()).as("the root and b, and nothing below secret").isEqualTo(2);
	}

	@Test
	void aNameThatTheRulesWantIsRecordedWhateverItWasBefore() throws IOException {
		write("x.part");
		write("secret/y");
		write("secret/dir/z");
		awaitAll();
		Files.move(this.watched.path("x.part"), this.watched.path("x"));
		Files.move(this.watched.path("secret/y"), this.watched.path("y"));
		Files.move(this.watched.path("secret/dir"), this.watched.path("dir"));

		this.watched.awaitStored("x", CONTENT);
		this.watched.awaitStored("y", CONTENT);
		this.watched.awaitStored("dir/z", CONTENT);
		this.watched.awaitQuiet();
		assertThat(this.watched.recorded()).containsOnlyKeys("last", "x", "y", "dir/z");
	}

	@Test
	void aNameThatBecomesOneThatTheRulesLeaveOutIsDeleted() throws IOException {
		write("kept");
		write("dir/hidden");
		this.watched.awaitStored("kept", CONTENT);
		this.watched.awaitStored("dir/hidden", CONTENT);
		this.watched.awaitQuiet();
		Files.move(this.watched.path("kept"), this.watched.path("kept.part"));
		Files.move(this.watched.path("dir"), this.watched.path("secret/dir"));
		Watched.await(() -> this.watched.isDeleted("kept") && this.watched.isDeleted("dir/hidden"));
	}

	/**
	 * Waits until what was written before is dealt with.
	 */
	private void awaitAll() throws IOException {
		write("last");
		this.watched.awaitStored("last", CONTENT);
		this.watched.awaitQuiet();
	}

	private void write(String path) throws IOException {
		Files.createDirectories(this.watched.path(path).getParent());
		Files.write(this.watched.path(path), CONTENT);
	}

}
