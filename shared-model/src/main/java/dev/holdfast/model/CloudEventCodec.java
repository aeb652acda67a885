package dev.holdfast.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The wire format of both topics: CloudEvents 1.0 in structured JSON mode. Golden files
 * pin it. Unknown fields are ignored, a type that is not known is malformed.
 * <p>
 * Safe for use by several threads.
 */
public final class CloudEventCodec {

	/** The media type of what this writes. */
	public static final String CONTENT_TYPE = "application/cloudevents+json";

	/**
	 * The largest event that is read, in bytes; the largest path makes one of some 8 KB.
	 */
	public static final int MAX_EVENT_BYTES = 64 * 1024;

	/** The type of {@link MediaStored}. */
	public static final String STORED = "dev.holdfast.media.stored.v1";

	static final String DELETED = "dev.holdfast.media.deleted.v1";

	static final String WATCH_GAP = "dev.holdfast.watch.gap.v1";

	/** The type of {@link Replicated}. */
	public static final String REPLICATED = "dev.holdfast.replica.replicated.v1";

	static final String FAILED = "dev.holdfast.replica.failed.v1";

	static final String REMOVED = "dev.holdfast.replica.removed.v1";

	static final Map<String, Decoder<MediaEvent>> EVENTS = Map.of(STORED, EventData::decodeStored, DELETED,
			EventData::decodeDeleted, WATCH_GAP, EventData::decodeGap);

	static final Map<String, Decoder<LedgerRecord>> LEDGER = Map.of(REPLICATED, LedgerData::decodeReplicated, FAILED,
			LedgerData::decodeFailed, REMOVED, LedgerData::decodeRemoved);

	private static final int DEEPEST = 16;

	private final JsonMapper mapper = JsonMapper
		.builder(JsonFactory.builder()
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.streamReadConstraints(
					StreamReadConstraints.builder().maxNestingDepth(DEEPEST).maxDocumentLength(MAX_EVENT_BYTES).build())
			.build())
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	/**
	 * The record value for an event.
	 */
	public byte[] encode(MediaEvent event) {
		return switch (event) {
			case MediaStored stored -> write(envelope(STORED, stored), EventData.encode(stored));
			case MediaDeleted deleted -> write(envelope(DELETED, deleted), EventData.encode(deleted));
			case WatchGap gap -> write(envelope(WATCH_GAP, gap), EventData.encode(gap));
		};
	}

	/**
	 * The record value for a ledger record.
	 */
	public byte[] encode(LedgerRecord entry) {
		return switch (entry) {
			case Replicated replicated -> write(envelope(REPLICATED, replicated), LedgerData.encode(replicated));
			case ReplicationFailed failed -> write(envelope(FAILED, failed), LedgerData.encode(failed));
			case ReplicaRemoved removed -> write(envelope(REMOVED, removed), LedgerData.encode(removed));
		};
	}

	/**
	 * Reads the value of a record on {@link Topics#EVENTS}.
	 * @throws MalformedEventException where it is no event; the message says which part
	 * is wrong
	 */
	public MediaEvent decodeEvent(byte @Nullable [] value) throws MalformedEventException {
		return decode(EVENTS, parse(value));
	}

	/**
	 * Reads the value of a record on {@link Topics#REPLICAS}.
	 * @throws MalformedEventException where it is no ledger record; the message says
	 * which part is wrong
	 */
	public LedgerRecord decodeLedger(byte @Nullable [] value) throws MalformedEventException {
		return decode(LEDGER, parse(value));
	}

	/** Reads one type of event from its envelope and its data. */
	interface Decoder<T> {

		T decode(Fields event, Fields data) throws MalformedEventException;

	}

	private static <T> T decode(Map<String, Decoder<T>> known, Fields event) throws MalformedEventException {
		String type = event.text("type");
		Decoder<T> decoder = known.get(type);
		if (decoder == null) {
			throw new MalformedEventException(
					"type '" + Printable.of(type) + "' is not one of " + known.keySet().stream().sorted().toList());
		}
		Fields data = event.object("data");
		try {
			return decoder.decode(event, data);
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedEventException("data: " + ex.getMessage(), ex);
		}
	}

	private Fields parse(byte @Nullable [] value) throws MalformedEventException {
		if (value == null || value.length == 0) {
			throw new MalformedEventException("the record has no value: a CloudEvent in JSON is expected");
		}
		if (value.length > MAX_EVENT_BYTES) {
			throw new MalformedEventException(
					"the record has " + value.length + " bytes, an event has at most " + MAX_EVENT_BYTES);
		}
		JsonNode root;
		try {
			root = this.mapper.readTree(value);
		}
		catch (JacksonException ex) {
			throw new MalformedEventException(
					"the record is not readable as JSON: " + Printable.of(ex.getOriginalMessage()), ex);
		}
		Fields event = new Fields("", root);
		if (!event.text("specversion").equals("1.0")) {
			throw new MalformedEventException("specversion: only CloudEvents 1.0 is understood");
		}
		return event;
	}

	/**
	 * The CloudEvents id of an event on a volume is its key and version, so that one that
	 * is published twice, as at-least-once delivery does, is recognisably the same.
	 */
	private ObjectNode envelope(String type, MediaEvent event) {
		String subject = new String(event.key(), StandardCharsets.UTF_8);
		return envelope(type, "/holdfast/volumes/" + event.volume(), subject + "@" + event.version(), subject,
				event.version().moment());
	}

	/**
	 * One version may fail several times before it is replicated, so what happened and
	 * when are part of the CloudEvents id: readers drop a record whose id they have seen.
	 */
	private ObjectNode envelope(String type, LedgerRecord entry) {
		String subject = entry.id().toString();
		String id = subject + "@" + entry.version() + "/" + type + "/" + entry.at();
		return envelope(type, "/holdfast/stores/" + entry.store(), id, subject, entry.at());
	}

	private ObjectNode envelope(String type, String source, String id, String subject, Instant time) {
		ObjectNode node = this.mapper.createObjectNode();
		node.put("specversion", "1.0");
		node.put("id", id);
		node.put("source", source);
		node.put("type", type);
		node.put("subject", subject);
		node.put("time", time.toString());
		node.put("datacontenttype", "application/json");
		return node;
	}

	private byte[] write(ObjectNode envelope, ObjectNode data) {
		envelope.set("data", data);
		return this.mapper.writeValueAsBytes(envelope);
	}

}
