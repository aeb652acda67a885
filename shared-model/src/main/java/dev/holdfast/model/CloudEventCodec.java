package dev.holdfast.model;

import java.time.Instant;
import java.util.Locale;
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

	static final String STORED = "dev.holdfast.media.stored.v1";

	static final String DELETED = "dev.holdfast.media.deleted.v1";

	static final String WATCH_GAP = "dev.holdfast.watch.gap.v1";

	static final String REPLICATED = "dev.holdfast.replica.replicated.v1";

	static final String FAILED = "dev.holdfast.replica.failed.v1";

	static final String REMOVED = "dev.holdfast.replica.removed.v1";

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
			case MediaStored stored -> write(envelope(STORED, stored), encodeStored(stored));
			case MediaDeleted deleted -> write(envelope(DELETED, deleted), encodeDeleted(deleted));
			case WatchGap gap -> write(envelope(WATCH_GAP, gap), encodeGap(gap));
		};
	}

	/**
	 * The record value for a ledger record.
	 */
	public byte[] encode(LedgerRecord entry) {
		return switch (entry) {
			case Replicated replicated -> write(envelope(REPLICATED, replicated), encodeReplicated(replicated));
			case ReplicationFailed failed -> write(envelope(FAILED, failed), encodeFailed(failed));
			case ReplicaRemoved removed -> write(envelope(REMOVED, removed), encodeRemoved(removed));
		};
	}

	/**
	 * Reads the value of a record on {@link Topics#EVENTS}.
	 * @throws MalformedEventException where it is no event; the message says which part
	 * is wrong
	 */
	public MediaEvent decodeEvent(byte @Nullable [] value) throws MalformedEventException {
		Fields event = parse(value);
		String type = event.text("type");
		Map<String, Decoder<MediaEvent>> known = Map.of(STORED, CloudEventCodec::decodeStored, DELETED,
				CloudEventCodec::decodeDeleted, WATCH_GAP, CloudEventCodec::decodeGap);
		return decode(known, type, event);
	}

	/**
	 * Reads the value of a record on {@link Topics#REPLICAS}.
	 * @throws MalformedEventException where it is no ledger record; the message says
	 * which part is wrong
	 */
	public LedgerRecord decodeLedger(byte @Nullable [] value) throws MalformedEventException {
		Fields event = parse(value);
		String type = event.text("type");
		Map<String, Decoder<LedgerRecord>> known = Map.of(REPLICATED, CloudEventCodec::decodeReplicated, FAILED,
				CloudEventCodec::decodeFailed, REMOVED, CloudEventCodec::decodeRemoved);
		return decode(known, type, event);
	}

	private interface Decoder<T> {

		T decode(Fields event, Fields data) throws MalformedEventException;

	}

	private static <T> T decode(Map<String, Decoder<T>> known, String type, Fields event)
			throws MalformedEventException {
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
			throw new MalformedEventException("not JSON: " + Printable.of(ex.getOriginalMessage()), ex);
		}
		Fields event = new Fields("", root);
		if (!event.text("specversion").equals("1.0")) {
			throw new MalformedEventException("specversion: only CloudEvents 1.0 is understood");
		}
		return event;
	}

	private ObjectNode envelope(String type, MediaEvent event) {
		String subject = switch (event) {
			case MediaEvent.OfFile ofFile -> ofFile.id().toString();
			case WatchGap gap -> gap.volume() + "/" + gap.subtree();
		};
		return envelope(type, "/holdfast/volumes/" + event.volume(), subject, event.version(),
				event.version().moment());
	}

	private ObjectNode envelope(String type, LedgerRecord entry) {
		return envelope(type, "/holdfast/stores/" + entry.store(), entry.id().toString(), entry.version(), entry.at());
	}

	/**
	 * The CloudEvents id is made of the subject and the version, so that an event that is
	 * published twice, as at-least-once delivery does, is recognisably the same one.
	 */
	private ObjectNode envelope(String type, String source, String subject, Version version, Instant time) {
		ObjectNode node = this.mapper.createObjectNode();
		node.put("specversion", "1.0");
		node.put("id", subject + "@" + version);
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

	private ObjectNode file(MediaId id, Version version) {
		ObjectNode data = this.mapper.createObjectNode();
		data.put("volume", id.volume().value());
		data.put("path", id.path());
		data.put("version", version.toString());
		return data;
	}

	private ObjectNode encodeStored(MediaStored stored) {
		ObjectNode data = file(stored.id(), stored.version());
		data.put("size", stored.size());
		data.put("digest", stored.digest().toString());
		data.put("contentType", stored.contentType());
		data.put("modified", stored.modified().toString());
		if (stored.owner() != null) {
			data.put("owner", stored.owner());
		}
		Integer mode = stored.mode();
		if (mode != null) {
			data.put("mode", String.format("%04o", mode));
		}
		data.put("origin", name(stored.origin()));
		return data;
	}

	private static MediaStored decodeStored(Fields event, Fields data) throws MalformedEventException {
		Origin origin = data.has("origin") ? data.constant("origin", Origin.class) : Origin.WATCH;
		Version version = version(event, data);
		Instant modified = data.has("modified") ? data.instant("modified") : version.moment();
		String contentType = data.has("contentType") ? data.text("contentType") : MediaStored.UNKNOWN_TYPE;
		return new MediaStored(id(data), version, data.number("size"), data.digest("digest"), contentType, modified,
				data.optionalText("owner"), mode(data), origin);
	}

	private ObjectNode encodeDeleted(MediaDeleted deleted) {
		ObjectNode data = file(deleted.id(), deleted.version());
		data.put("evidence", name(deleted.evidence()));
		return data;
	}

	private static MediaDeleted decodeDeleted(Fields event, Fields data) throws MalformedEventException {
		return new MediaDeleted(id(data), version(event, data), data.constant("evidence", Evidence.class));
	}

	private ObjectNode encodeGap(WatchGap gap) {
		ObjectNode data = this.mapper.createObjectNode();
		data.put("volume", gap.volume().value());
		data.put("subtree", gap.subtree());
		data.put("version", gap.version().toString());
		data.put("from", gap.from().toString());
		data.put("until", gap.until().toString());
		data.put("reason", name(gap.reason()));
		data.put("scanned", gap.scanned());
		data.put("changed", gap.changed());
		return data;
	}

	private static WatchGap decodeGap(Fields event, Fields data) throws MalformedEventException {
		return new WatchGap(new VolumeName(data.text("volume")), data.text("subtree"), version(event, data),
				data.instant("from"), data.instant("until"), data.constant("reason", WatchGap.Reason.class),
				data.number("scanned"), data.number("changed"));
	}

	private ObjectNode ledger(LedgerRecord entry) {
		ObjectNode data = file(entry.id(), entry.version());
		data.put("store", entry.store().value());
		data.put("at", entry.at().toString());
		return data;
	}

	private ObjectNode encodeReplicated(Replicated replicated) {
		ObjectNode data = ledger(replicated);
		data.put("bucket", replicated.bucket());
		data.put("objectKey", replicated.objectKey());
		if (replicated.objectVersion() != null) {
			data.put("objectVersion", replicated.objectVersion());
		}
		data.put("etag", replicated.etag());
		data.put("size", replicated.size());
		data.put("digest", replicated.digest().toString());
		data.put("attempts", replicated.attempts());
		return data;
	}

	private static Replicated decodeReplicated(Fields event, Fields data) throws MalformedEventException {
		return new Replicated(id(data), data.version("version"), store(data), data.instant("at"), data.text("bucket"),
				data.text("objectKey"), data.optionalText("objectVersion"), data.text("etag"), data.number("size"),
				data.digest("digest"), data.smallNumber("attempts"));
	}

	private ObjectNode encodeFailed(ReplicationFailed failed) {
		ObjectNode data = ledger(failed);
		data.put("failureClass", name(failed.failureClass()));
		data.put("reason", failed.reason());
		data.put("attempts", failed.attempts());
		if (failed.nextAttempt() != null) {
			data.put("nextAttempt", failed.nextAttempt().toString());
		}
		data.put("deadLetter", failed.isDeadLetter());
		return data;
	}

	private static ReplicationFailed decodeFailed(Fields event, Fields data) throws MalformedEventException {
		return new ReplicationFailed(id(data), data.version("version"), store(data), data.instant("at"),
				data.constant("failureClass", FailureClass.class), data.text("reason"), data.smallNumber("attempts"),
				data.has("nextAttempt") ? data.instant("nextAttempt") : null);
	}

	private ObjectNode encodeRemoved(ReplicaRemoved removed) {
		ObjectNode data = ledger(removed);
		data.put("disposition", name(removed.disposition()));
		if (removed.objectVersion() != null) {
			data.put("objectVersion", removed.objectVersion());
		}
		return data;
	}

	private static ReplicaRemoved decodeRemoved(Fields event, Fields data) throws MalformedEventException {
		return new ReplicaRemoved(id(data), data.version("version"), store(data), data.instant("at"),
				data.constant("disposition", ReplicaRemoved.Disposition.class), data.optionalText("objectVersion"));
	}

	private static MediaId id(Fields data) throws MalformedEventException {
		return MediaId.of(data.text("volume"), data.text("path"));
	}

	private static StoreName store(Fields data) throws MalformedEventException {
		return new StoreName(data.text("store"));
	}

	/**
	 * An app that publishes by itself has no version clock: its event's time will do.
	 */
	private static Version version(Fields event, Fields data) throws MalformedEventException {
		return data.has("version") ? data.version("version") : Version.at(event.instant("time"));
	}

	private static @Nullable Integer mode(Fields data) throws MalformedEventException {
		String octal = data.optionalText("mode");
		if (octal == null) {
			return null;
		}
		if (!octal.matches("[0-7]{1,5}")) {
			throw new MalformedEventException("data.mode: permission bits in octal are expected, for example \"0644\"");
		}
		return Integer.valueOf(octal, 8);
	}

	static String name(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
