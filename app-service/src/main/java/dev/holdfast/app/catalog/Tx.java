package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;

/**
 * One transaction of the catalog's writer: the connection, what it adds to the totals,
 * and whom to tell once it is durable. Several pieces of work share one.
 */
final class Tx {

	/** In the place of a volume, where something is of none. */
	static final String NO_VOLUME = "";

	private final Session session;

	private final Map<String, Map<Counter, long[]>> deltas = new HashMap<>();

	private final List<MediaId> changed = new ArrayList<>();

	private long accepted;

	private long published;

	Tx(Session session) {
		this.session = session;
	}

	Session session() {
		return this.session;
	}

	/**
	 * Adds to a total of a volume when the transaction commits.
	 */
	void add(VolumeName volume, Counter counter, long files, long bytes) {
		add(volume.value(), counter, files, bytes);
	}

	/**
	 * Adds to a total that is of no volume when the transaction commits.
	 */
	void add(Counter counter, long files) {
		add(NO_VOLUME, counter, files, 0);
	}

	private void add(String volume, Counter counter, long files, long bytes) {
		long[] delta = this.deltas.computeIfAbsent(volume, (_) -> new EnumMap<>(Counter.class))
			.computeIfAbsent(counter, (_) -> new long[2]);
		delta[0] += files;
		delta[1] += bytes;
	}

	/**
	 * Notes that the file's state may have changed, for those who wait for it.
	 */
	void changed(MediaId id) {
		this.changed.add(id);
	}

	List<MediaId> changed() {
		return this.changed;
	}

	/**
	 * Notes that an event was put into the outbox.
	 */
	void accepted() {
		this.accepted++;
		add(Counter.OUTBOX, 1);
	}

	/**
	 * Notes that so many events have left the outbox for the log.
	 */
	void published(int events) {
		this.published += events;
		add(Counter.OUTBOX, -events);
	}

	long acceptedEvents() {
		return this.accepted;
	}

	long publishedEvents() {
		return this.published;
	}

	/**
	 * Writes the totals; the last thing before the commit.
	 */
	void finish() throws SQLException {
		for (Map.Entry<String, Map<Counter, long[]>> ofVolume : this.deltas.entrySet()) {
			for (Map.Entry<Counter, long[]> delta : ofVolume.getValue().entrySet()) {
				long files = delta.getValue()[0];
				long bytes = delta.getValue()[1];
				if (files != 0 || bytes != 0) {
					this.session.update(
							"INSERT INTO totals (volume, name, files, bytes) VALUES (?, ?, ?, ?) "
									+ "ON CONFLICT (volume, name) DO UPDATE SET files = files + excluded.files, "
									+ "bytes = bytes + excluded.bytes",
							ofVolume.getKey(), delta.getKey().column(), files, bytes);
				}
			}
		}
	}

}
