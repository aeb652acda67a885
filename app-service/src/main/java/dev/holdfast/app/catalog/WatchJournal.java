package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

import dev.holdfast.app.catalog.CatalogWriter.Durability;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;
import dev.holdfast.model.WatchGap;
import org.jspecify.annotations.Nullable;

/**
 * Until when each volume was watched without a gap, and the gaps.
 */
public final class WatchJournal {

	private final Catalog catalog;

	private final Recorder recorder;

	WatchJournal(Catalog catalog, Recorder recorder) {
		this.catalog = catalog;
		this.recorder = recorder;
	}

	/**
	 * Records in one durable transaction that changes may have been missed, and that the
	 * event has to be published. To be called when the scan that closes the gap is over:
	 * after a crash before that, the restart is a gap of its own.
	 * @param gap makes the event of the version that was chosen for it. Without side
	 * effects: it may be asked again for another version, when the first attempt was
	 * rolled back.
	 */
	public WatchGap recordGap(Function<Version, WatchGap> gap) {
		return this.catalog.write(Durability.FSYNCED, (tx) -> this.recorder.recordGap(tx, gap));
	}

	/**
	 * Remembers that nothing can have happened on the volume unseen until then.
	 */
	public void recordWatched(VolumeName volume, Instant until) {
		this.catalog.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			write(tx, volume, until);
			return null;
		});
	}

	/**
	 * Until when the volume was watched without a gap.
	 * @return empty where it never was, as far as this catalog knows
	 */
	public Optional<Instant> watchedUntil(VolumeName volume) {
		return this.catalog.readers()
			.read((session) -> session.first("SELECT until FROM watched WHERE volume = ?",
					(row) -> Instant.ofEpochMilli(row.getLong(1)), volume.value()));
	}

	private static void write(Tx tx, VolumeName volume, Instant until) throws SQLException {
		tx.session()
			.update("INSERT INTO watched (volume, until) VALUES (?, ?) "
					+ "ON CONFLICT (volume) DO UPDATE SET until = excluded.until", volume.value(),
					until.toEpochMilli());
	}

}
