package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.holdfast.app.catalog.CatalogWriter.Durability;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.Topics;
import dev.holdfast.model.WatchGap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings both topics into the catalog. A batch of records and the offsets behind it are
 * one transaction: after a crash the projection goes on exactly where the catalog is.
 * <p>
 * <b>Which event is the latest.</b> Usually the one with the higher version, and reading
 * a record twice or late changes nothing. One case needs more thought: a file is uploaded
 * while the catalog does not know its history, because it was thrown away and Kafka is
 * down or not read to its end. Its version comes from the clock, and if that went back
 * since, or another publisher's runs ahead, the log holds a higher version of older
 * bytes. It would win everywhere, and the upload never reach a store. So each row
 * remembers whether its event has been <em>seen</em> coming back from the log. A higher
 * version that is read while ours has not been seen lies before ours in the log, or will:
 * ours is the later fact. It is recorded again with a version after that one, in the same
 * transaction. Once an event has been seen, whatever follows it with a higher version is
 * later in the log as well, and simply wins.
 */
public final class Projector {

	private static final Logger LOG = LoggerFactory.getLogger(Projector.class);

	private static final int MALFORMED_KEPT = 100;

	private final Catalog catalog;

	private final Recorder recorder;

	private final CloudEventCodec codec = new CloudEventCodec();

	Projector(Catalog catalog, Recorder recorder) {
		this.catalog = catalog;
		this.recorder = recorder;
	}

	/**
	 * Where to go on reading: the first offset that was not projected, of each partition
	 * that was read before.
	 */
	public Map<LogPartition, Long> positions() {
		return this.catalog.readers().read((session) -> {
			Map<LogPartition, Long> positions = new HashMap<>();
			session.each("SELECT topic, partition, next_offset FROM offsets",
					(row) -> positions.put(new LogPartition(row.getString(1), row.getInt(2)), row.getLong(3)));
			return positions;
		});
	}

	/**
	 * Says which topics are read from now on. The offsets of one that is another than
	 * before are dropped: it is read from its start.
	 * @return the names of the topics that were read before and are others now
	 */
	public List<String> use(Collection<LogSource> sources) {
		return this.catalog.write(Durability.COMMITTED, (tx) -> {
			List<String> renewed = new ArrayList<>();
			for (LogSource source : sources) {
				Optional<LogSource> before = tx.session()
					.first("SELECT topic, topic_id, cluster_id FROM sources WHERE topic = ?",
							(row) -> new LogSource(row.getString(1), row.getString(2), row.getString(3)),
							source.topic());
				if (before.isPresent() && before.get().equals(source)) {
					continue;
				}
				if (before.isPresent()) {
					renewed.add(source.topic());
				}
				tx.session().update("DELETE FROM offsets WHERE topic = ?", source.topic());
				tx.session()
					.update("INSERT INTO sources (topic, topic_id, cluster_id) VALUES (?, ?, ?) ON CONFLICT (topic) "
							+ "DO UPDATE SET topic_id = excluded.topic_id, cluster_id = excluded.cluster_id",
							source.topic(), source.topicId(), source.clusterId());
			}
			return renewed;
		});
	}

	/**
	 * Whether this catalog has ever read from the topics.
	 */
	public boolean hasHistory() {
		return this.catalog.readers().read((session) -> session.number("SELECT EXISTS (SELECT 1 FROM offsets)") == 1);
	}

	/**
	 * Projects a batch.
	 * @param records in the order in which they were read
	 * @param positions where to go on after the batch
	 * @return how many records became what; their sum is the size of the batch
	 * @throws CatalogException where it could not be recorded: nothing of the batch was
	 */
	public Map<Projected, Integer> project(List<LogRecord> records, Map<LogPartition, Long> positions) {
		return this.catalog.write(Durability.COMMITTED, (tx) -> {
			Map<Projected, Integer> counts = new EnumMap<>(Projected.class);
			for (LogRecord entry : records) {
				counts.merge(project(tx, entry), 1, Integer::sum);
			}
			for (Map.Entry<LogPartition, Long> position : positions.entrySet()) {
				tx.session()
					.update("INSERT INTO offsets (topic, partition, next_offset) VALUES (?, ?, ?) "
							+ "ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset",
							position.getKey().topic(), position.getKey().partition(), position.getValue());
			}
			return counts;
		});
	}

	private Projected project(Tx tx, LogRecord entry) throws SQLException {
		try {
			if (entry.topic().equals(Topics.REPLICAS)) {
				return report(tx, this.codec.decodeLedger(entry.value()));
			}
			return switch (this.codec.decodeEvent(entry.value())) {
				case MediaEvent.OfFile event -> event(tx, event);
				case WatchGap _ -> Projected.OTHER;
			};
		}
		catch (MalformedEventException ex) {
			malformed(tx, entry, String.valueOf(ex.getMessage()));
			return Projected.MALFORMED;
		}
	}

	private Projected event(Tx tx, MediaEvent.OfFile event) throws SQLException {
		this.recorder.observe(event.version());
		Optional<FileRow> found = FileTable.row(tx.session(), event.id());
		if (found.isEmpty() || found.get().kind() == FileRow.Kind.HEARD) {
			apply(tx, found.orElse(null), event);
			return Projected.APPLIED;
		}
		FileRow row = found.get();
		// In the log, and so not waiting, even if the acknowledgement never arrived.
		OutboxTable.settle(tx, row.key(), event.version().value());
		if (row.version().isAfter(event.version())) {
			return Projected.STALE;
		}
		CatalogEntry entry = FileTable.entry(tx.session(), event.id()).orElseThrow();
		if (entry.event().equals(event)) {
			if (row.seen()) {
				return Projected.DUPLICATE;
			}
			FileTable.writeSeen(tx, row);
			return Projected.OWN;
		}
		if (row.seen()) {
			apply(tx, row, event);
			return Projected.APPLIED;
		}
		MediaEvent.OfFile again = this.recorder.assertAfter(tx, row, entry, event.version());
		LOG.atInfo()
			.addKeyValue("media", event.id())
			.addKeyValue("version", row.version())
			.addKeyValue("log", event.version())
			.addKeyValue("again", again.version())
			.log("The log had a higher version of a file than the later one recorded here: recorded again after it");
		return Projected.OVERTAKEN;
	}

	private static void apply(Tx tx, @Nullable FileRow row, MediaEvent.OfFile event) throws SQLException {
		ReplicaState state = (row == null) ? ReplicaState.PENDING : ReplicaTable.state(tx.session(), row.key(), event);
		FileTable.write(tx, row, event, null, state, true);
	}

	private static Projected report(Tx tx, LedgerRecord report) throws SQLException {
		Optional<FileRow> found = FileTable.row(tx.session(), report.id());
		if (found.isEmpty()) {
			// The ledger is read ahead of the event: kept until that comes.
			long file = FileTable.insert(tx, report.id());
			ReplicaTable.write(tx, file, report);
			return Projected.REPORTED;
		}
		FileRow row = found.get();
		if (!ReplicaTable.write(tx, row.key(), report)) {
			return Projected.STALE;
		}
		if (row.kind() != FileRow.Kind.HEARD && row.version().equals(report.version())) {
			FileTable.writeState(tx, report.id(), row,
					ReplicaTable.state(tx.session(), row.key(), row.kind(), row.version()));
		}
		return Projected.REPORTED;
	}

	private static void malformed(Tx tx, LogRecord entry, String reason) throws SQLException {
		int added = tx.session()
			.update("INSERT INTO malformed (topic, partition, record, reason, at) VALUES (?, ?, ?, ?, "
					+ "unixepoch() * 1000) ON CONFLICT DO NOTHING", entry.topic(), entry.partition(), entry.offset(),
					reason);
		tx.add(Counter.MALFORMED, added);
		tx.session().update("DELETE FROM malformed WHERE id <= (SELECT max(id) FROM malformed) - ?", MALFORMED_KEPT);
	}

}
