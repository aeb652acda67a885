package dev.holdfast.app.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.holdfast.model.FailureClass;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * What each store last reported of each file.
 */
final class ReplicaTable {

	private ReplicaTable() {
	}

	/**
	 * The latest version that any store has reported on, 0 where none has.
	 */
	static long latest(Session session, long file) throws SQLException {
		return session.number("SELECT max(version) FROM replicas WHERE file = ?", file);
	}

	/**
	 * Keeps the report unless the store has reported on a later version. Of two reports
	 * on one version the later in the ledger counts: it is the one that compaction keeps.
	 * @return whether it was kept
	 */
	static boolean write(Tx tx, long file, LedgerRecord report) throws SQLException {
		Columns columns = Columns.of(report);
		return tx.session()
			.update("INSERT INTO replicas (file, store, version, state, at, bucket, object_key, object_version, etag, "
					+ "attempts, failure_class, reason, next_attempt, disposition) "
					+ "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (file, store) DO UPDATE SET "
					+ "version = excluded.version, state = excluded.state, at = excluded.at, bucket = excluded.bucket, "
					+ "object_key = excluded.object_key, object_version = excluded.object_version, "
					+ "etag = excluded.etag, attempts = excluded.attempts, failure_class = excluded.failure_class, "
					+ "reason = excluded.reason, next_attempt = excluded.next_attempt, "
					+ "disposition = excluded.disposition WHERE excluded.version >= version", file,
					report.store().value(), report.version().value(), Codes.of(columns.state()),
					report.at().toEpochMilli(), columns.bucket(), columns.objectKey(), columns.objectVersion(),
					columns.etag(), columns.attempts(), columns.failureClass(), columns.reason(), columns.nextAttempt(),
					columns.disposition()) == 1;
	}

	/**
	 * How far the replication of this version has come, by the reports on exactly this
	 * version; reports on other versions say nothing about it. A dead letter at one store
	 * outweighs a retry at another, and that a replica at a third.
	 */
	static ReplicaState state(Session session, long file, FileRow.Kind kind, Version version) throws SQLException {
		Set<ReplicaState> reported = EnumSet.noneOf(ReplicaState.class);
		session.each("SELECT state FROM replicas WHERE file = ? AND version = ?",
				(row) -> reported.add(Codes.state(row.getInt(1))), file, version.value());
		ReplicaState goal = (kind == FileRow.Kind.DELETED) ? ReplicaState.REMOVED : ReplicaState.REPLICATED;
		for (ReplicaState state : List.of(ReplicaState.DEAD_LETTERED, ReplicaState.RETRYING, goal)) {
			if (reported.contains(state)) {
				return state;
			}
		}
		return ReplicaState.PENDING;
	}

	static ReplicaState state(Session session, long file, MediaEvent.OfFile event) throws SQLException {
		return state(session, file, switch (event) {
			case MediaStored _ -> FileRow.Kind.STORED;
			case MediaDeleted _ -> FileRow.Kind.DELETED;
		}, event.version());
	}

	static List<ReplicaStatus> of(Session session, long file) throws SQLException {
		List<ReplicaStatus> replicas = new ArrayList<>();
		session.each("SELECT store, version, state, at, bucket, object_key, object_version, etag, attempts, "
				+ "failure_class, reason, next_attempt, disposition FROM replicas WHERE file = ? ORDER BY store",
				(row) -> replicas.add(status(row)), file);
		return replicas;
	}

	private static ReplicaStatus status(ResultSet row) throws SQLException {
		@Nullable Integer attempts = row.getInt("attempts");
		if (row.wasNull()) {
			attempts = null;
		}
		@Nullable Instant next = Instant.ofEpochMilli(row.getLong("next_attempt"));
		if (row.wasNull()) {
			next = null;
		}
		String failure = row.getString("failure_class");
		String disposition = row.getString("disposition");
		return new ReplicaStatus(new StoreName(row.getString("store")), Codes.state(row.getInt("state")),
				new Version(row.getLong("version")), row.getString("bucket"), row.getString("object_key"),
				row.getString("object_version"), row.getString("etag"), Instant.ofEpochMilli(row.getLong("at")),
				attempts, (failure == null) ? null : Codes.constant(FailureClass.class, failure),
				row.getString("reason"), next,
				(disposition == null) ? null : Codes.constant(ReplicaRemoved.Disposition.class, disposition));
	}

	/** A report as columns; each kind of report fills its own. */
	private record Columns(ReplicaState state, @Nullable String bucket, @Nullable String objectKey,
			@Nullable String objectVersion, @Nullable String etag, @Nullable Integer attempts,
			@Nullable String failureClass, @Nullable String reason, @Nullable Long nextAttempt,
			@Nullable String disposition) {

		private static Columns of(LedgerRecord report) {
			return switch (report) {
				case Replicated it -> new Columns(ReplicaState.REPLICATED, it.bucket(), it.objectKey(),
						it.objectVersion(), it.etag(), it.attempts(), null, null, null, null);
				case ReplicationFailed it -> failed(it);
				case ReplicaRemoved it -> new Columns(ReplicaState.REMOVED, null, null, it.objectVersion(), null, null,
						null, null, null, Codes.word(it.disposition()));
			};
		}

		private static Columns failed(ReplicationFailed it) {
			Instant next = it.nextAttempt();
			return new Columns(it.isDeadLetter() ? ReplicaState.DEAD_LETTERED : ReplicaState.RETRYING, null, null, null,
					null, it.attempts(), Codes.word(it.failureClass()), it.reason(),
					(next == null) ? null : next.toEpochMilli(), null);
		}

	}

}
