package dev.holdfast.app.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;

import dev.holdfast.app.catalog.Totals.Count;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was counted before the catalog counted by volume.
 */
class TotalsMigrationTest {

	private static final Count NONE = new Count(0, 0);

	private static final Instant EARLY = Instant.ofEpochMilli(1_000_000);

	private static final Instant LATE = EARLY.plusSeconds(60);

	@TempDir
	Path directory = Path.of("");

	@BeforeEach
	void writeAsBefore() throws SQLException {
		String url = "jdbc:sqlite:" + this.directory.resolve(CatalogDatabase.FILE);
		Flyway.configure()
			.dataSource(url, null, null)
			.locations("classpath:catalog/migrations")
			.target("5")
			.load()
			.migrate();
		long early = Version.at(EARLY).value();
		long late = Version.at(LATE).value();
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement()) {
			statement
				.executeUpdate("INSERT INTO files (volume, path, kind, version, state, seen, size, missing, damaged) "
						+ "VALUES ('media', 'heard', 0, 0, 0, 0, 0, NULL, NULL), "
						+ "('media', 'pending', 1, %d, 0, 0, 1, NULL, NULL), ".formatted(late)
						+ "('media', 'retrying', 1, %d, 1, 1, 2, NULL, x'01'), ".formatted(late)
						+ "('media', 'replicated', 1, 7, 2, 1, 4, NULL, NULL), "
						+ "('media', 'lost', 1, 7, 2, 1, 8, 5000, NULL), "
						+ "('media', 'dead', 1, %d, 3, 1, 16, 6000, NULL), ".formatted(late)
						+ "('media', 'deleted', 2, 7, 0, 0, 0, NULL, NULL), "
						+ "('media', 'removed', 2, 7, 4, 1, 0, NULL, NULL), "
						+ "('other', 'pending', 1, %d, 0, 0, 32, NULL, NULL)".formatted(early));
			statement.executeUpdate("UPDATE totals SET files = 5 WHERE name = 'outbox'");
			statement.executeUpdate("UPDATE totals SET files = 3 WHERE name = 'malformed'");
		}
	}

	@Test
	void theFilesThatThereAreAreCountedByVolume() {
		try (Catalog catalog = Catalog.open(this.directory, Clock.systemUTC())) {
			Totals media = new Totals(new Count(2, 12), new Count(1, 1), new Count(1, 2), new Count(1, 16), 2, LATE, 5,
					null, 3, new Count(2, 24), new Count(1, 2));
			assertThat(catalog.totals(new VolumeName("media"))).isEqualTo(media);
			assertThat(catalog.totals(new VolumeName("other")))
				.isEqualTo(new Totals(NONE, new Count(1, 32), NONE, NONE, 0, EARLY, 5, null, 3, NONE, NONE));
			assertThat(catalog.totals()).isEqualTo(new Totals(new Count(2, 12), new Count(2, 33), new Count(1, 2),
					new Count(1, 16), 2, EARLY, 5, null, 3, new Count(2, 24), new Count(1, 2)));
		}
	}

	@Test
	void theyAreCountedOnFromThere() {
		try (Catalog catalog = Catalog.open(this.directory, Clock.systemUTC())) {
			catalog.recordDeleted(Samples.id("lost"), Samples.deleted(Samples.id("lost")));
			catalog.recordStored(Samples.id("pending"), Samples.stamp("four"),
					Samples.stored(Samples.id("pending"), "four"));
			Totals media = catalog.totals(new VolumeName("media"));
			assertThat(media.deleted()).isEqualTo(3);
			assertThat(media.replicated()).isEqualTo(new Count(1, 4));
			assertThat(media.pending()).isEqualTo(new Count(1, 4));
			assertThat(media.missing()).isEqualTo(new Count(1, 16));
			assertThat(media.outboxWaiting()).isEqualTo(7);
		}
	}

}
