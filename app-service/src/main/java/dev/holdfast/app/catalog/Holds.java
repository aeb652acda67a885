package dev.holdfast.app.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.holdfast.app.catalog.CatalogWriter.Durability;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.Topics;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * What the guard has to remember over a restart: the changes of late that it counts, and
 * those that wait for a person. Recording a file in the catalog ends the waiting of any
 * change of it.
 */
public final class Holds {

	/** Longer before a change than this no moment is remembered for it. */
	private static final Duration MOMENT_BEFORE = Duration.ofSeconds(5);

	private final Catalog catalog;

	Holds(Catalog catalog) {
		this.catalog = catalog;
	}

	/**
	 * Counts a change; a file that changes again counts once, since its first change.
	 * @param forget changes and moments before this are of no interest any more
	 * @param moment how far the log had been read right before it, where that is to be
	 * remembered
	 */
	public void count(MediaId id, ChangeKind kind, Instant at, Instant forget, @Nullable Moment moment) {
		write((tx) -> {
			Session session = tx.session();
			String volume = id.volume().value();
			session.update("DELETE FROM changes WHERE volume = ? AND at < ?", volume, forget.toEpochMilli());
			// The first change counted has its moment a little before it.
			session.update("DELETE FROM moments WHERE volume = ? AND at < ?", volume,
					forget.minus(MOMENT_BEFORE).toEpochMilli());
			session.update(
					"INSERT INTO changes (volume, path, kind, at) VALUES (?, ?, ?, ?) "
							+ "ON CONFLICT (volume, path) DO UPDATE SET kind = excluded.kind",
					volume, id.path(), Codes.of(kind), at.toEpochMilli());
			if (moment != null) {
				// One of this very time is older, and better.
				session.update("INSERT OR IGNORE INTO moments (volume, at, positions) VALUES (?, ?, ?)", volume,
						moment.at().toEpochMilli(), Moment.text(moment.positions()));
			}
		});
	}

	/**
	 * Takes the changes counted later than this for changes of this time, because the
	 * clock was set back. Of the moments later than this the first is kept as of now: it
	 * is the one before all of these changes.
	 */
	public void setBack(VolumeName volume, Instant now) {
		write((tx) -> {
			long at = now.toEpochMilli();
			tx.session().update("UPDATE changes SET at = ? WHERE volume = ? AND at > ?", at, volume.value(), at);
			tx.session()
				.update("UPDATE OR IGNORE moments SET at = ? WHERE volume = ? AND at = "
						+ "(SELECT min(at) FROM moments WHERE volume = ? AND at > ?)", at, volume.value(),
						volume.value(), at);
			tx.session().update("DELETE FROM moments WHERE volume = ? AND at > ?", volume.value(), at);
		});
	}

	/**
	 * The changes counted since then, by path, the oldest first.
	 */
	public Map<String, Counted> counted(VolumeName volume, Instant since) {
		return this.catalog.readers().read((session) -> {
			Map<String, Counted> counted = new LinkedHashMap<>();
			session.each("SELECT path, kind, at FROM changes WHERE volume = ? AND at >= ? ORDER BY at",
					(row) -> counted.put(row.getString(1),
							new Counted(Codes.change(row.getInt(2)), Instant.ofEpochMilli(row.getLong(3)))),
					volume.value(), since.toEpochMilli());
			return counted;
		});
	}

	/**
	 * A change that was counted.
	 *
	 * @param kind what it was
	 * @param at when it was
	 */
	public record Counted(ChangeKind kind, Instant at) {

	}

	/**
	 * The latest moment remembered that is not after this one.
	 */
	public Optional<Moment> momentBefore(VolumeName volume, Instant at) {
		return this.catalog.readers()
			.read((session) -> session.first(
					"SELECT at, positions FROM moments WHERE volume = ? AND at <= ? ORDER BY at DESC LIMIT 1",
					(row) -> Moment.of(row.getLong(1), row.getString(2)), volume.value(), at.toEpochMilli()));
	}

	/**
	 * How far the event log has been read: the next offset of each partition.
	 */
	public SortedMap<Integer, Long> positions() {
		return this.catalog.readers().read((session) -> {
			SortedMap<Integer, Long> positions = new TreeMap<>();
			session.each("SELECT partition, next_offset FROM offsets WHERE topic = ?",
					(row) -> positions.put(row.getInt(1), row.getLong(2)), Topics.EVENTS);
			return positions;
		});
	}

	/**
	 * How many files of the volume are known and not deleted.
	 */
	public long files(VolumeName volume) {
		return this.catalog.totals(volume).known().files();
	}

	/**
	 * Begins a hold, or puts another in its place.
	 */
	public void open(Hold hold) {
		write(Durability.FSYNCED,
				(tx) -> tx.session()
					.update("INSERT OR REPLACE INTO holds (volume, kind, since, reason, last_good, positions) "
							+ "VALUES (?, ?, ?, ?, ?, ?)", hold.volume().value(), Codes.of(hold.kind()),
							hold.since().toEpochMilli(), hold.reason(), hold.lastGood().at().toEpochMilli(),
							Moment.text(hold.lastGood().positions())));
	}

	/**
	 * Lets the delete of a known file wait.
	 */
	public void holdDelete(MediaId id, Instant at) {
		write((tx) -> HeldTable.write(tx, id, ChangeKind.DELETE, at, null, null));
	}

	/**
	 * Lets the overwrite of a known file wait.
	 * @param digest the bytes that were found
	 */
	public void holdOverwrite(MediaId id, Instant at, FileStamp stamp, Digest digest) {
		write((tx) -> HeldTable.write(tx, id, ChangeKind.OVERWRITE, at, stamp, digest));
	}

	/**
	 * What was rejected.
	 */
	public Rejections rejections() {
		return new Rejections(this.catalog);
	}

	/**
	 * Approves what waits of a volume. Where that is all of it, its hold ends, and the
	 * changes counted so far count no more.
	 * @param asOf nothing that was held later, see {@link HeldNow#asOf()}
	 */
	public Decided approve(VolumeName volume, long asOf) {
		return this.catalog.write(Durability.FSYNCED, (tx) -> {
			Decided decided = HeldTable.approve(tx, volume, asOf);
			if (decided.isAll()) {
				tx.session().update("DELETE FROM holds WHERE volume = ?", volume.value());
				tx.session().update("DELETE FROM changes WHERE volume = ?", volume.value());
				tx.session().update("DELETE FROM rejections WHERE volume = ?", volume.value());
			}
			return decided;
		});
	}

	/**
	 * Rejects what waits of a volume. Where that is all of it, its hold ends, and is
	 * remembered as the last one rejected. The changes counted so far count on.
	 * @param asOf nothing that was held later, see {@link HeldNow#asOf()}
	 */
	public Decided reject(VolumeName volume, long asOf) {
		return this.catalog.write(Durability.FSYNCED, (tx) -> {
			long last = tx.session()
				.number("SELECT coalesce(max(at), 0) FROM held WHERE volume = ? AND state = 0", volume.value());
			Decided decided = HeldTable.reject(tx, volume, asOf);
			if (decided.isAll()) {
				tx.session()
					.update("INSERT OR REPLACE INTO rejections (volume, kind, since, reason, last_good, positions, last) "
							+ "SELECT volume, kind, since, reason, last_good, positions, max(since, ?) FROM holds "
							+ "WHERE volume = ?", last, volume.value());
				tx.session().update("DELETE FROM holds WHERE volume = ?", volume.value());
			}
			return decided;
		});
	}

	/**
	 * Forgets an approved change: it was recorded, or turned out to be none.
	 */
	public void dropApproved(MediaId id) {
		write((tx) -> HeldTable.dropApproved(tx, id));
	}

	/**
	 * The hold of a volume.
	 */
	public Optional<Hold> of(VolumeName volume) {
		return all().stream().filter((hold) -> hold.volume().equals(volume)).findFirst();
	}

	/**
	 * All holds, by volume.
	 */
	public List<Hold> all() {
		return this.catalog.readers().read((session) -> {
			List<Hold> holds = new ArrayList<>();
			session.each("SELECT volume, kind, since, reason, last_good, positions FROM holds ORDER BY volume",
					(row) -> holds.add(hold(row)));
			return holds;
		});
	}

	static Hold hold(ResultSet row) throws SQLException {
		return new Hold(new VolumeName(row.getString(1)), Codes.hold(row.getInt(2)),
				Instant.ofEpochMilli(row.getLong(3)), row.getString(4), Moment.of(row.getLong(5), row.getString(6)));
	}

	/**
	 * The change of a file that waits, if there is one.
	 */
	public Optional<HeldFile> find(MediaId id) {
		return this.catalog.readers().read((session) -> HeldTable.find(session, id));
	}

	/**
	 * How many changes wait.
	 * @param volume of this volume, {@code null} for all
	 */
	public HeldCounts counts(@Nullable VolumeName volume) {
		return this.catalog.readers().read((session) -> HeldTable.counts(session, volume));
	}

	/**
	 * What is held of a volume.
	 * @param asOf only of what was held up to then, {@link HeldNow#ALL} for all
	 */
	public HeldNow now(VolumeName volume, long asOf) {
		return this.catalog.readers().read((session) -> HeldTable.now(session, volume, asOf));
	}

	/**
	 * A page of the changes of this kind and state.
	 * @param after only those behind this one, {@code null} to begin with the first
	 */
	public List<HeldFile> list(VolumeName volume, HeldFile.State state, ChangeKind kind, @Nullable HeldFile after,
			int limit) {
		return this.catalog.readers()
			.read((session) -> HeldTable.list(session, volume, state, kind, (after == null) ? 0 : after.order(),
					limit));
	}

	/** What is changed in a transaction. */
	private interface Change {

		void in(Tx tx) throws SQLException;

	}

	private void write(Change change) {
		write(Durability.COMMITTED, change);
	}

	private void write(Durability durability, Change change) {
		this.catalog.<@Nullable Void>write(durability, (tx) -> {
			change.in(tx);
			return null;
		});
	}

}
