package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.Version;
import dev.holdfast.model.VersionClock;
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
		long file = FileTable.write(tx, before.orElse(null), made, stamp, ReplicaState.PENDING, false);
		OutboxTable.add(tx, file, version.value(), made.key(), this.codec.encode(made), this.clock.millis());
		return made;
	}

}
