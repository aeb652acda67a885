package dev.holdfast.worker.replay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
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

	private static final String DIGEST_PREFIX = "sha256:";

	private static final int DIGEST_LENGTH = DIGEST_PREFIX.length() + 64;

	private static final int VERSION_LENGTH = 16;

	private final CloudEventCodec codec = new CloudEventCodec();

	private final Map<String, FileState> files = new ConcurrentHashMap<>();

	private final byte[] ledgerPrefix;

	private final String keyPrefix;

	/** Events and ledger are read side by side. */
	private final Skim eventSkim = new Skim();

	private final Skim ledgerSkim = new Skim();

	private long events;

	private long outdated;

	private long malformed;

	Survey(StoreName store, ObjectKeys keys) {
		this.ledgerPrefix = (store + "/").getBytes(StandardCharsets.UTF_8);
		this.keyPrefix = keys.prefix();
	}

	/** A record of the topic of events. */
	void event(ConsumerRecord<byte[], byte[]> record) {
		this.events++;
		byte[] value = record.value();
		if (value != null && this.eventSkim.read(value) && this.eventSkim.type().equals(CloudEventCodec.STORED)
				&& stored(this.eventSkim, record)) {
			return;
		}
		switch (decode(record)) {
			case MediaStored event -> know(state(event.id().toString()).stored(event.version().value(), event.size(),
					FileState.prefix(event.digest().hex()), record.partition(), record.offset()));
			case MediaDeleted event -> know(
					state(event.id().toString()).deleted(event.version().value(), record.partition(), record.offset()));
			case WatchGap _ -> {
				// About no file.
			}
			case null -> this.malformed++;
		}
	}

	/**
	 * Whether all that is needed is there, in the form that Holdfast writes. An event
	 * that may take the place of another is read by the codec, so that what is none
	 * cannot hide one.
	 */
	private boolean stored(Skim skim, ConsumerRecord<byte[], byte[]> record) {
		String digest = skim.digest();
		if (digest == null || digest.length() != DIGEST_LENGTH || !digest.startsWith(DIGEST_PREFIX)
				|| skim.version().length() != VERSION_LENGTH || skim.size() < 0) {
			return false;
		}
		try {
			String file = skim.volume() + "/" + skim.path();
			FileState known = this.files.get(file);
			if (known != null && known.hasEvent()) {
				return false;
			}
			FileState state = (known != null) ? known : state(MediaId.of(skim.volume(), skim.path()).toString());
			know(state.stored(HexFormat.fromHexDigitsToLong(skim.version()), skim.size(),
					FileState.prefix(digest.substring(DIGEST_PREFIX.length())), record.partition(), record.offset()));
			return true;
		}
		catch (IllegalArgumentException ex) {
			// For the codec to say what is wrong.
			return false;
		}
	}

	private void know(boolean another) {
		if (another) {
			this.outdated++;
		}
	}

	/** A record that looked like an event is none after all. */
	void takeBack(String file) {
		this.malformed++;
		this.files.remove(file);
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
		if (this.ledgerSkim.read(record.value()) && this.ledgerSkim.type().equals(CloudEventCodec.REPLICATED)
				&& replicated(this.ledgerSkim)) {
			return;
		}
		try {
			switch (this.codec.decodeLedger(record.value())) {
				case Replicated entry -> state(entry.id().toString()).replicated(entry.version().value(), entry.size(),
						FileState.prefix(entry.digest().hex()), FileState.hash(entry.etag()));
				case ReplicaRemoved entry -> state(entry.id().toString()).removed(entry.version().value());
				case ReplicationFailed _ -> {
					// Says nothing of what is in the bucket.
				}
			}
		}
		catch (MalformedEventException ex) {
			// What the ledger does not say is looked up in the bucket.
		}
	}

	private boolean replicated(Skim skim) {
		String digest = skim.digest();
		String etag = skim.etag();
		if (digest == null || digest.length() != DIGEST_LENGTH || etag == null
				|| skim.version().length() != VERSION_LENGTH) {
			return false;
		}
		try {
			state(skim.volume() + "/" + skim.path()).replicated(HexFormat.fromHexDigitsToLong(skim.version()),
					skim.size(), FileState.prefix(digest.substring(DIGEST_PREFIX.length())), FileState.hash(etag));
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/** An object of the bucket. */
	void listed(ObjectPage.Entry object) {
		if (object.key().startsWith(this.keyPrefix)) {
			FileState state = this.files.get(object.key().substring(this.keyPrefix.length()));
			if (state != null) {
				state.listed(object);
			}
		}
	}

	/** What is known of a file, from now on if nothing was. */
	FileState state(String id) {
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
