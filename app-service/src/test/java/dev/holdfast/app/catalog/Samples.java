package dev.holdfast.app.catalog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Function;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Version;

/**
 * Files for tests.
 */
final class Samples {

	static final Instant MODIFIED = Instant.parse("2026-11-22T10:15:30.123Z");

	private Samples() {
	}

	static MediaId id(String path) {
		return MediaId.of("media", path);
	}

	static Function<Version, MediaStored> stored(MediaId id, String content) {
		byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
		return (version) -> new MediaStored(id, version, bytes.length, Digest.of(bytes), "text/plain", MODIFIED,
				"1000:1000", 0644, Origin.UPLOAD);
	}

	static Function<Version, MediaDeleted> deleted(MediaId id) {
		return (version) -> new MediaDeleted(id, version, Evidence.API_REQUEST);
	}

	static FileStamp stamp(String content) {
		return new FileStamp(content.getBytes(StandardCharsets.UTF_8).length, MODIFIED.toEpochMilli() * 1_000_000, 7,
				42);
	}

}
