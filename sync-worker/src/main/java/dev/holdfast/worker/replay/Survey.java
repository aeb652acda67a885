package dev.holdfast.worker.replay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.WatchGap;
import dev.holdfast.worker.store.ObjectPage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Collects, per file, what topic, ledger and bucket say, to find out what has to be
 * replayed without asking the store for each object.
 */
final class Survey {

	private final CloudEventCodec codec = new CloudEventCodec();

	private final Map<String, FileState> files = new ConcurrentHashMap<>();

	private final byte[] ledgerPrefix;

	private final ObjectKeys keys;

	private long events;

	private long outdated;

	private long malformed;

	Survey(StoreName store, ObjectKeys keys) {
		this.ledgerPrefix = (store + "/").getBytes(StandardCharsets.UTF_8);
		this.keys = keys;
	}

	/** A record of the topic of events. */
	void event(ConsumerRecord<byte[], byte[]> record) {
		this.events++;
		switch (decode(record)) {
			case MediaEvent.OfFile event -> {
				FileState state = this.files.computeIfAbsent(event.id().toString(), (id) -> new FileState());
				if (state.event(event, record.partition(), record.offset())) {
					this.outdated++;
				}
			}
			case WatchGap _ -> {
				// About no file.
			}
			case null -> this.malformed++;
		}
	}

	/**
	 * The event of a record, {@code null} where it is none; replication has put it among
	 * the dead letters then.
	 */
	@Nullable MediaEvent decode(ConsumerRecord<byte[], byte[]> record) {
		try {
			return this.codec.decodeEvent(record.value());
		}
		catch (MalformedEventException ex) {
			return null;
		}
	}

	/** A record of the ledger; those of other stores are passed over. */
	void ledger(ConsumerRecord<byte[], byte[]> record) {
		byte[] key = record.key();
		if (key == null || record.value() == null || key.length < this.ledgerPrefix.length || Arrays.mismatch(key, 0,
				this.ledgerPrefix.length, this.ledgerPrefix, 0, this.ledgerPrefix.length) >= 0) {
			return;
		}
		try {
			switch (this.codec.decodeLedger(record.value())) {
				case Replicated entry -> state(entry.id().toString()).replicated(entry);
				case ReplicaRemoved entry -> state(entry.id().toString()).removed(entry);
				case ReplicationFailed _ -> {
					// Says nothing of what is in the bucket.
				}
			}
		}
		catch (MalformedEventException ex) {
			// What the ledger does not say is looked up in the bucket.
		}
	}

	/** An object of the bucket. */
	void listed(ObjectPage.Entry object) {
		try {
			FileState state = this.files.get(this.keys.idOf(object.key()).toString());
			if (state != null) {
				state.listed(object);
			}
		}
		catch (InvalidMediaPathException ex) {
			// The key of no media file: someone else's object.
		}
	}

	private FileState state(String id) {
		return this.files.computeIfAbsent(id, (absent) -> new FileState());
	}

	/** By {@code volume/path}. */
	Map<String, FileState> files() {
		return this.files;
	}

	long events() {
		return this.events;
	}

	long outdated() {
		return this.outdated;
	}

	long malformed() {
		return this.malformed;
	}

}
