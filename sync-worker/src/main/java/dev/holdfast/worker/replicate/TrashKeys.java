package dev.holdfast.worker.replicate;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

import dev.holdfast.model.Digest;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.Version;

/**
 * Where in a bucket the trash is: below a directory of its own, one directory for each
 * delete, named by its version, so that a listing is in the order of time and carrying a
 * delete out again leads to the same key. No volume has such a name.
 */
final class TrashKeys {

	static final String DIRECTORY = ".holdfast-trash/";

	private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'")
		.withZone(ZoneOffset.UTC);

	private static final int MOMENT_LENGTH = "20261122T101531.123Z".length();

	private static final int COUNTER = 0xFFFF;

	private final ObjectKeys keys;

	TrashKeys(ObjectKeys keys) {
		this.keys = keys;
	}

	/**
	 * What all keys in the trash begin with.
	 */
	String prefix() {
		return this.keys.prefix() + DIRECTORY;
	}

	/**
	 * Where an object goes that is deleted. One whose key is too long to be kept behind
	 * another name is told by a digest of it.
	 */
	String keyOf(String key, Version deleted) {
		String directory = prefix() + MOMENT.format(deleted.moment())
				+ String.format("-%04x/", deleted.value() & COUNTER);
		String path = key.substring(this.keys.prefix().length());
		String whole = directory + path;
		if (whole.getBytes(StandardCharsets.UTF_8).length <= ObjectKeys.MAX_KEY_BYTES) {
			return whole;
		}
		return directory + "long-name/" + Digest.of(path.getBytes(StandardCharsets.UTF_8)).hex();
	}

	/**
	 * The moment of the delete that a key in the trash is of.
	 * @return empty where it is none that Holdfast makes
	 */
	Optional<Instant> momentOf(String key) {
		int begin = prefix().length();
		if (!key.startsWith(prefix()) || key.length() < begin + MOMENT_LENGTH) {
			return Optional.empty();
		}
		try {
			return Optional.of(MOMENT.parse(key.substring(begin, begin + MOMENT_LENGTH), Instant::from));
		}
		catch (DateTimeException ex) {
			return Optional.empty();
		}
	}

}
