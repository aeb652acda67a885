package dev.holdfast.app.catalog;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.holdfast.app.catalog.CatalogWriter.Durability;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.VolumeName;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;
import dev.holdfast.model.VersionClock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of every media file, and the outbox of what Kafka has yet to acknowledge.
 * An SQLite file with one writer and several readers; disposable, because it is rebuilt
 * from the topics and the volumes.
 * <p>
 * Safe for use by many threads. Every method that writes returns after the commit, and
 * throws {@link CatalogFullException} where the disk is full and {@link CatalogException}
 * where the database refuses for another reason; nothing was recorded then.
 */
public final class Catalog implements AutoCloseable {

	private final CatalogDatabase database;

	private final CatalogReaders readers;

	private final CatalogWriter writer;

	private final Recorder recorder;

	private final SettledWaits waits = new SettledWaits();

	private final List<Runnable> outboxListeners = new CopyOnWriteArrayList<>();

	/** Replaced as a whole, and by the writer's thread only. */
	private volatile OutboxCounts outboxCounts;

	private final AtomicBoolean closed = new AtomicBoolean();

	private Catalog(CatalogDatabase database, Clock clock) {
		this.database = database;
		this.readers = new CatalogReaders(database);
		this.outboxCounts = new OutboxCounts(totals().outboxWaiting(), 0, 0);
		this.recorder = new Recorder(new VersionClock(clock), clock);
		this.writer = new CatalogWriter(database, this::committed);
	}

	/**
	 * Opens the catalog of a data directory, creating or migrating it first.
	 * @param directory the data directory, created where it is missing
	 * @param clock wall clock of versions and of the outbox
	 * @throws CatalogException where another process holds it, or it cannot be read or
	 * written
	 */
	public static Catalog open(Path directory, Clock clock) {
		CatalogDatabase database = CatalogDatabase.open(directory);
		try {
			return new Catalog(database, clock);
		}
		catch (RuntimeException ex) {
			database.close();
			throw ex;
		}
	}

	/**
	 * The latest that is known of a file; may be a delete.
	 */
	public Optional<CatalogEntry> find(MediaId id) {
		return this.readers.read((session) -> FileTable.entry(session, id));
	}

	/**
	 * Records in one durable transaction that the file has these bytes, and that the
	 * event has to be published. Many concurrent calls share one fsync.
	 * @param stamp what the file system says of the file, so that a scan can tell that
	 * nothing has changed
	 * @param event makes the event of the version that was chosen for it, which is later
	 * than every earlier one of this file. Without side effects: it may be asked again
	 * for another version, when the first attempt was rolled back.
	 */
	public MediaStored recordStored(MediaId id, FileStamp stamp, Function<Version, MediaStored> event) {
		return this.writer.write(Durability.FSYNCED, (tx) -> this.recorder.record(tx, id, stamp, event));
	}

	/**
	 * Records the same of a file that was found on a volume. It survives the end of the
	 * process; where a power cut undoes it, the file is found again.
	 */
	public MediaStored recordFound(MediaId id, FileStamp stamp, Function<Version, MediaStored> event) {
		return this.writer.write(Durability.COMMITTED, (tx) -> this.recorder.record(tx, id, stamp, event));
	}

	/**
	 * Records in one durable transaction that the file was deleted, and that the event
	 * has to be published.
	 * @param event see {@link #recordStored}
	 */
	public MediaDeleted recordDeleted(MediaId id, Function<Version, MediaDeleted> event) {
		return this.writer.write(Durability.FSYNCED, (tx) -> this.recorder.record(tx, id, null, event));
	}

	/**
	 * Remembers what the file system says of a file whose bytes are those of its latest
	 * event, so that the next scan need not read it.
	 * @param version the version that was compared; nothing happens where there is a
	 * later one by now
	 */
	public void recordStamp(MediaId id, Version version, FileStamp stamp) {
		this.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			Optional<FileRow> row = FileTable.row(tx.session(), id);
			if (row.isPresent() && row.get().version().equals(version) && row.get().kind() == FileRow.Kind.STORED) {
				FileTable.writeStamp(tx, id.volume(), row.get(), stamp);
			}
			return null;
		});
	}

	/**
	 * Waits until this version of the file is replicated, dead-lettered or superseded.
	 * Woken by the commit that brings it about.
	 * @return the state at the end of the wait
	 */
	public ReplicaState awaitSettled(MediaId id, Version version, Duration atMost) throws InterruptedException {
		return this.waits.await(id, atMost, () -> stateOf(id, version));
	}

	private ReplicaState stateOf(MediaId id, Version version) {
		return this.readers.read((session) -> FileTable.row(session, id)).map((row) -> {
			if (row.version().isAfter(version)) {
				return ReplicaState.SUPERSEDED;
			}
			return row.version().equals(version) ? row.state() : ReplicaState.PENDING;
		}).orElse(ReplicaState.PENDING);
	}

	/**
	 * All that is known of a file.
	 */
	public Optional<FileStatus> status(MediaId id) {
		return this.readers.snapshot((session) -> Listing.status(session, id));
	}

	/**
	 * One page of the files, in the order of volume and path.
	 */
	public Page list(ListFilter filter) {
		return this.readers.snapshot((session) -> Listing.page(session, filter));
	}

	/**
	 * Counts of this moment. Costs the same however many files there are.
	 */
	public Totals totals() {
		return this.readers.snapshot(Totals::read);
	}

	/**
	 * Those of one volume, of this moment; what waits for Kafka and what could not be
	 * understood is of all volumes. Costs the same however many files there are.
	 */
	public Totals totals(VolumeName volume) {
		return this.readers.snapshot((session) -> Totals.ofVolume(session, volume));
	}

	/**
	 * Events that Kafka has not acknowledged, in the order in which they were recorded.
	 * @param seq only those after this one
	 */
	public List<OutboxEvent> outboxAfter(long seq, int limit) {
		return this.readers.read((session) -> OutboxTable.after(session, seq, limit));
	}

	/**
	 * Removes from the outbox what Kafka has acknowledged.
	 */
	public void recordPublished(List<Long> seqs) {
		this.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			for (long seq : seqs) {
				OutboxTable.remove(tx, seq);
			}
			return null;
		});
	}

	/**
	 * Registers someone to be told, after the commit and on the writer's thread, that the
	 * outbox has new events.
	 */
	public void onOutboxEvent(Runnable listener) {
		this.outboxListeners.add(listener);
	}

	/**
	 * How many events went into the outbox and out of it since the catalog was opened.
	 */
	public OutboxCounts outboxCounts() {
		return this.outboxCounts;
	}

	/**
	 * Tries whether the catalog can be written to, without changing anything.
	 * @throws CatalogException where it cannot
	 */
	public void check() {
		this.<@Nullable Void>write(Durability.COMMITTED, (_) -> null);
	}

	/**
	 * The records on the topics that could not be understood, the last ones first.
	 */
	public List<MalformedRecord> malformed(int limit) {
		return this.readers.read((session) -> {
			List<MalformedRecord> records = new ArrayList<>();
			session.each("SELECT topic, partition, record, reason, at FROM malformed ORDER BY id DESC LIMIT ?",
					(row) -> records.add(new MalformedRecord(row.getString(1), row.getInt(2), row.getLong(3),
							row.getString(4), Instant.ofEpochMilli(row.getLong(5)))),
					limit);
			return records;
		});
	}

	/**
	 * What scans read and write here.
	 */
	public ScanRecords scanRecords() {
		return new ScanRecords(this);
	}

	/**
	 * The changes that wait for a person.
	 */
	public Holds holds() {
		return new Holds(this);
	}

	/**
	 * What brings the topics into this catalog.
	 */
	public Projector projector() {
		return new Projector(this, this.recorder);
	}

	/**
	 * What is known of how the volumes were watched.
	 */
	public WatchJournal watchJournal() {
		return new WatchJournal(this, this.recorder);
	}

	<T extends @Nullable Object> T write(Durability durability, CatalogWriter.Work<T> work) {
		return this.writer.write(durability, work);
	}

	CatalogReaders readers() {
		return this.readers;
	}

	private void committed(Tx tx) {
		OutboxCounts before = this.outboxCounts;
		this.outboxCounts = new OutboxCounts(before.inherited(), before.accepted() + tx.acceptedEvents(),
				before.published() + tx.publishedEvents());
		this.waits.changed(tx.changed());
		if (tx.acceptedEvents() > 0) {
			this.outboxListeners.forEach(Runnable::run);
		}
	}

	/**
	 * Finishes what is being written and lets go of the file.
	 */
	@Override
	public void close() {
		if (this.closed.getAndSet(true)) {
			return;
		}
		this.writer.close();
		this.readers.close();
		this.database.close();
	}

}
