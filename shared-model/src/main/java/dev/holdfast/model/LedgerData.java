package dev.holdfast.model;

import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code data} of the records on {@link Topics#REPLICAS}.
 */
final class LedgerData {

	private LedgerData() {
	}

	private static ObjectNode common(LedgerRecord entry) {
		ObjectNode data = EventData.file(entry.id(), entry.version());
		data.put("store", entry.store().value());
		data.put("at", entry.at().toString());
		return data;
	}

	static ObjectNode encode(Replicated replicated) {
		ObjectNode data = common(replicated);
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

	static Replicated decodeReplicated(Fields event, Fields data) throws MalformedEventException {
		return new Replicated(data.mediaId(), data.version("version"), data.store("store"), data.instant("at"),
				data.text("bucket"), data.text("objectKey"), data.optionalText("objectVersion"), data.text("etag"),
				data.number("size"), data.digest("digest"), data.smallNumber("attempts"));
	}

	/**
	 * {@code deadLetter} follows from {@code nextAttempt}; it is written for readers with
	 * a console consumer and ignored when read.
	 */
	static ObjectNode encode(ReplicationFailed failed) {
		ObjectNode data = common(failed);
		data.put("failureClass", Fields.name(failed.failureClass()));
		data.put("reason", failed.reason());
		data.put("attempts", failed.attempts());
		if (failed.nextAttempt() != null) {
			data.put("nextAttempt", failed.nextAttempt().toString());
		}
		data.put("deadLetter", failed.isDeadLetter());
		return data;
	}

	static ReplicationFailed decodeFailed(Fields event, Fields data) throws MalformedEventException {
		return new ReplicationFailed(data.mediaId(), data.version("version"), data.store("store"), data.instant("at"),
				data.constant("failureClass", FailureClass.class), data.text("reason"), data.smallNumber("attempts"),
				data.has("nextAttempt") ? data.instant("nextAttempt") : null);
	}

	static ObjectNode encode(ReplicaRemoved removed) {
		ObjectNode data = common(removed);
		data.put("disposition", Fields.name(removed.disposition()));
		if (removed.objectVersion() != null) {
			data.put("objectVersion", removed.objectVersion());
		}
		return data;
	}

	static ReplicaRemoved decodeRemoved(Fields event, Fields data) throws MalformedEventException {
		return new ReplicaRemoved(data.mediaId(), data.version("version"), data.store("store"), data.instant("at"),
				data.constant("disposition", ReplicaRemoved.Disposition.class), data.optionalText("objectVersion"));
	}

}
