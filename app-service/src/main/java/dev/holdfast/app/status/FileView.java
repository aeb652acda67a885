package dev.holdfast.app.status;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.holdfast.app.catalog.FileStatus;
import dev.holdfast.app.catalog.HeldFile;
import dev.holdfast.app.catalog.ReplicaState;
import dev.holdfast.app.catalog.ReplicaStatus;
import dev.holdfast.model.Digest;
import dev.holdfast.model.FailureClass;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ReplicaRemoved;
import org.jspecify.annotations.Nullable;

/**
 * A media file as the API shows it.
 */
record FileView(String volume, String path, String version, @Nullable Long size, @Nullable String digest,
		@Nullable String contentType, @Nullable Instant modified, boolean deleted, String state, boolean outbox,
		@Nullable Instant missing, @Nullable String damaged, @Nullable String held, List<ReplicaView> replicas) {

	static FileView of(FileStatus status) {
		List<ReplicaView> replicas = status.replicas().stream().map(ReplicaView::of).toList();
		MediaEvent.OfFile event = status.entry().event();
		String version = event.version().toString();
		String volume = event.volume().value();
		String path = event.id().path();
		Digest damaged = status.entry().damaged();
		return switch (event) {
			case MediaStored it ->
				new FileView(volume, path, version, it.size(), it.digest().toString(), it.contentType(), it.modified(),
						false, word(status.state()), status.inOutbox(), status.entry().missing(),
						(damaged == null) ? null : damaged.toString(), held(status.held()), replicas);
			case MediaDeleted _ -> new FileView(volume, path, version, null, null, null, null, true,
					word(status.state()), status.inOutbox(), null, null, null, replicas);
		};
	}

	private static @Nullable String held(@Nullable HeldFile held) {
		if (held == null) {
			return null;
		}
		return (held.state() == HeldFile.State.WAITING) ? word(held.kind()) : word(held.state());
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * What a store last reported, as the API shows it.
	 */
	record ReplicaView(String store, String state, String version, @Nullable String bucket, @Nullable String objectKey,
			@Nullable String objectVersion, @Nullable String etag, Instant at, @Nullable Integer attempts,
			@Nullable String failureClass, @Nullable String reason, @Nullable Instant nextAttempt,
			@Nullable String disposition) {

		private static ReplicaView of(ReplicaStatus replica) {
			ReplicaState state = replica.state();
			FailureClass failure = replica.failureClass();
			ReplicaRemoved.Disposition disposition = replica.disposition();
			return new ReplicaView(replica.store().value(), word(state), replica.version().toString(), replica.bucket(),
					replica.objectKey(), replica.objectVersion(), replica.etag(), replica.at(), replica.attempts(),
					(failure == null) ? null : word(failure), replica.reason(), replica.nextAttempt(),
					(disposition == null) ? null : word(disposition));
		}

	}

}
