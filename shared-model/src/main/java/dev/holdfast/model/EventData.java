package dev.holdfast.model;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code data} of the events on {@link Topics#EVENTS}.
 */
final class EventData {

	private EventData() {
	}

	/** The two fields that name a file, and its version. */
	static ObjectNode file(MediaId id, Version version) {
		ObjectNode data = JsonNodeFactory.instance.objectNode();
		data.put("volume", id.volume().value());
		data.put("path", id.path());
		data.put("version", version.toString());
		return data;
	}

	static ObjectNode encode(MediaStored stored) {
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
		data.put("origin", Fields.name(stored.origin()));
		return data;
	}

	/**
	 * Everything but the file, its size and its digest may be missing: an app that
	 * publishes by itself should not have to know more.
	 */
	static MediaStored decodeStored(Fields event, Fields data) throws MalformedEventException {
		Origin origin = data.has("origin") ? data.constant("origin", Origin.class) : Origin.WATCH;
		Version version = version(event, data);
		return new MediaStored(data.mediaId(), version, data.number("size"), data.digest("digest"),
				data.has("contentType") ? data.text("contentType") : MediaStored.UNKNOWN_TYPE,
				data.has("modified") ? data.instant("modified") : version.moment(), data.optionalText("owner"),
				data.optionalMode("mode"), origin);
	}

	static ObjectNode encode(MediaDeleted deleted) {
		ObjectNode data = file(deleted.id(), deleted.version());
		data.put("evidence", Fields.name(deleted.evidence()));
		return data;
	}

	static MediaDeleted decodeDeleted(Fields event, Fields data) throws MalformedEventException {
		return new MediaDeleted(data.mediaId(), version(event, data), data.constant("evidence", Evidence.class));
	}

	static ObjectNode encode(WatchGap gap) {
		ObjectNode data = JsonNodeFactory.instance.objectNode();
		data.put("volume", gap.volume().value());
		data.put("subtree", gap.subtree());
		data.put("version", gap.version().toString());
		data.put("from", gap.from().toString());
		data.put("until", gap.until().toString());
		data.put("reason", Fields.name(gap.reason()));
		data.put("scanned", gap.scanned());
		data.put("changed", gap.changed());
		return data;
	}

	static WatchGap decodeGap(Fields event, Fields data) throws MalformedEventException {
		return new WatchGap(data.volume("volume"), data.text("subtree"), version(event, data), data.instant("from"),
				data.instant("until"), data.constant("reason", WatchGap.Reason.class), data.number("scanned"),
				data.number("changed"));
	}

	/**
	 * An app that publishes by itself has no version clock: its event's time will do.
	 */
	private static Version version(Fields event, Fields data) throws MalformedEventException {
		return data.has("version") ? data.version("version") : event.versionAt("time");
	}

}
