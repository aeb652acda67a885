package dev.holdfast.app.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;

import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was held before the catalog remembered the bytes of it.
 */
class HeldMigrationTest {

	private static final VolumeName MEDIA = new VolumeName("media");

	private static final FileStamp STAMP = new FileStamp(5, 1_000, 2_000, 3);

	private static final Digest JUNK = Digest.of(new byte[] { 1 });

	@TempDir
	Path directory = Path.of("");

	@BeforeEach
	void writeAsBefore() throws SQLException {
		migrate("4");
		try (Connection connection = DriverManager.getConnection(url());
				Statement statement = connection.createStatement()) {
			statement.executeUpdate("INSERT INTO files (id, volume, path, kind, version, state, seen, size) VALUES "
					+ "(1, 'media', 'later', 0, 0, 0, 0, 0), (2, 'media', 'earlier', 0, 0, 0, 0, 0), "
					+ "(3, 'media', 'rejected', 0, 0, 0, 0, 0)");
			statement.executeUpdate("INSERT INTO held VALUES (1, 'media', 1, 0, 200, NULL, NULL, NULL, NULL), "
					+ "(2, 'media', 2, 0, 100, 5, 1000, 2000, 3), (3, 'media', 2, 2, 50, 5, 1000, 2000, 3)");
		}
	}

	private String url() {
		return "jdbc:sqlite:" + this.directory.resolve(CatalogDatabase.FILE);
	}

	private void migrate(String version) {
		Flyway.configure()
			.dataSource(url(), null, null)
			.locations("classpath:catalog/migrations")
			.target(version)
			.load()
			.migrate();
	}

	@Test
	void bytesThatWereRejectedBeforeAreRejectedStill() throws SQLException {
		migrate("5");
		try (Connection connection = DriverManager.getConnection(url());
				Statement statement = connection.createStatement()) {
			statement.executeUpdate("UPDATE held SET digest = X'" + JUNK.hex() + "' WHERE file IN (2, 3)");
		}
		try (Catalog catalog = Catalog.open(this.directory, Clock.systemUTC())) {
			assertThat(catalog.holds().rejections().any(MEDIA)).isTrue();
			assertThat(catalog.holds().rejections().concern(id("rejected"), JUNK)).isTrue();
			assertThat(catalog.holds().rejections().concern(id("earlier"), JUNK)).as("waits").isFalse();
		}
	}

	@Test
	void itIsHeldStillAndKnownByItsSizeAndTimeUntilItsBytesAreKnown() {
		try (Catalog catalog = Catalog.open(this.directory, Clock.systemUTC())) {
			Holds holds = catalog.holds();
			assertThat(holds.counts(MEDIA)).isEqualTo(new HeldCounts(1, 1, 0, 1));
			HeldFile rejected = holds.find(id("rejected")).orElseThrow();
			assertThat(rejected).isEqualTo(new HeldFile(id("rejected"), ChangeKind.OVERWRITE, HeldFile.State.REJECTED,
					Instant.ofEpochMilli(50), STAMP, null, 3, 1));

			FileStamp chowned = new FileStamp(5, 1_000, 9_999, 4);
			assertThat(rejected.isOf(chowned, JUNK)).isTrue();
			assertThat(rejected.isOf(new FileStamp(5, 1_001, 2_000, 3), JUNK)).isFalse();
			assertThat(rejected.isOf(new FileStamp(6, 1_000, 2_000, 3), JUNK)).isFalse();

			assertThat(holds.rejections().concern(id("rejected"))).isTrue();
			assertThat(holds.rejections().concern(id("rejected"), JUNK)).as("nobody knows").isFalse();
			holds.rejections().seen(id("rejected"), Instant.EPOCH, chowned, JUNK);
			assertThat(holds.rejections().concern(id("rejected"), JUNK)).isTrue();
			HeldFile known = holds.find(id("rejected")).orElseThrow();
			assertThat(known.stamp()).isEqualTo(chowned);
			assertThat(known.digest()).isEqualTo(JUNK);
			assertThat(known.isOf(chowned, Digest.of(new byte[] { 2 }))).as("from now on the bytes count").isFalse();
		}
	}

	private static MediaId id(String path) {
		return MediaId.of("media", path);
	}

}
