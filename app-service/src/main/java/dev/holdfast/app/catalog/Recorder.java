package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Version;
import dev.holdfast.model.VersionClock;
import dev.holdfast.model.WatchGap;
import org.jspecify.annotations.Nullable;

/**
 * Records what happened on this host: the file's row and its event in the outbox.
 */
final class Recorder {

	private final VersionClock versions;

	private final Clock clock;

	private final CloudEventCodec codec = new CloudEventCodec();

	Recorder(VersionClock versions, Clock clock) {
		this.versions = versions;
		this.clock = clock;
	}

	/**
	 * Chooses a version later than every one known of this file, be it from an event or
	 * from a ledger that ran ahead of its event, and records the event made of it.
	 */
	<E extends MediaEvent.OfFile> E record(Tx tx, MediaId id, @Nullable FileStamp stamp, Function<Version, E> event)
			throws SQLException {
		Optional<FileRow> before = FileTable.row(tx.session(), id);
		Version latest = Version.NONE;
		if (before.isPresent()) {
			FileRow row = before.get();
			latest = new Version(Math.max(row.version().value(), ReplicaTable.latest(tx.session(), row.key())));
		}
		Version version = this.versions.nextAfter(latest);
		E made = event.apply(version);
		if (!made.id().equals(id) || !made.version().equals(version)) {
			throw new IllegalArgumentException("An event of " + id + " at " + version + " was asked for, not one of "
					+ made.id() + " at " + made.version());
		}
		write(tx, before.orElse(null), made, stamp);
		return made;
	}

	/**
	 * Records the event again, with a version later than the given one: the log holds a
	 * higher version of this file that was published before the event was.
	 */
	MediaEvent.OfFile assertAfter(Tx tx, FileRow row, CatalogEntry entry, Version higher) throws SQLException {
		Version version = this.versions
			.nextAfter(new Version(Math.max(higher.value(), ReplicaTable.latest(tx.session(), row.key()))));
		MediaEvent.OfFile again = switch (entry.event()) {
			case MediaStored it -> new MediaStored(it.id(), version, it.size(), it.digest(), it.contentType(),
					it.modified(), it.owner(), it.mode(), it.origin());
			case MediaDeleted it -> new MediaDeleted(it.id(), version, it.evidence());
		};
		write(tx, row, again, entry.stamp());
		return again;
	}

	/**
	 * Records a gap.
	 */
	WatchGap recordGap(Tx tx, Function<Version, WatchGap> gap) throws SQLException {
		Version version = this.versions.nextAfter(Version.NONE);
		WatchGap made = gap.apply(version);
		if (!made.version().equals(version)) {
			throw new IllegalArgumentException("A gap at " + version + " was asked for, not one at " + made.version());
		}
		OutboxTable.add(tx, null, version.value(), made.key(), this.codec.encode(made), this.clock.millis());
		return made;
	}

	/**
	 * Takes note of a version from the log, so that later ones are chosen after it.
	 */
	void observe(Version version) {
		this.versions.observe(version);
	}

	private void write(Tx tx, @Nullable FileRow before, MediaEvent.OfFile event, @Nullable FileStamp stamp)
			throws SQLException {
		long file = FileTable.write(tx, before, event, stamp, ReplicaState.PENDING, false);
		OutboxTable.add(tx, file, event.version().value(), event.key(), this.codec.encode(event), this.clock.millis());
	}

}
