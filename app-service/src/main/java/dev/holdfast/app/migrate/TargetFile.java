package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.migrate.SourceFile.Stop;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;

/**
 * A file that the volume has.
 *
 * @param stat what the file system says of it
 * @param digest the digest of its bytes, read just now
 */
record TargetFile(FileStat stat, Digest digest) {

	private static final int ATTEMPTS = 3;

	private static final long SECOND_NANOS = 1_000_000_000;

	/** What SMB tells times in. */
	private static final long COARSE_NANOS = 100;

	/** Tells the digest of the bytes at a place. */
	@FunctionalInterface
	interface Hash {

		/** Reads them. */
		Hash READ = (place) -> {
			try (FileChannel channel = place.open()) {
				return Digest.of(Channels.newInputStream(channel));
			}
		};

		Digest of(Place place) throws IOException;

	}

	/**
	 * Reads the file, where there is one.
	 * @throws PathRefusedException where something else is there or on the way
	 * @throws Stop where it cannot be read, or keeps changing
	 * @throws IOException where the volume is not available
	 */
	static Optional<TargetFile> read(Volume volume, MediaId id, Hash hash) throws IOException, Stop {
		return ask(volume, id, (place) -> look(place, hash));
	}

	/**
	 * Whether the volume has it as it was when it was read.
	 * @throws PathRefusedException where something else is there or on the way
	 * @throws Stop where that cannot be told
	 * @throws IOException where the volume is not available
	 */
	boolean isStill(Volume volume, MediaId id) throws IOException, Stop {
		Optional<FileStat> now = ask(volume, id, Place::stat);
		return now.map(FileStat::stamp).equals(Optional.of(this.stat.stamp()));
	}

	/**
	 * Whether the source may be no other file, so that there are no bytes but these: a
	 * hard link, or a directory that is mounted at two places. Over a network it may have
	 * a device and an inode number of its own there, and times that are cut off. But a
	 * copy is another file whose inode changed later, so that one with the same length
	 * and times is taken for the same.
	 * @throws PathRefusedException where something else is there or on the way
	 * @throws Stop where that cannot be told
	 * @throws IOException where the volume is not available
	 */
	boolean mayBeSameFile(SourceFile source, Volume volume, MediaId id) throws IOException, Stop {
		if (looksTheSame(this.stat.stamp(), source.stat().stamp())) {
			return true;
		}
		Optional<Object> key = ask(volume, id, Place::fileKey);
		return key.isPresent() && key.equals(source.key());
	}

	private static boolean looksTheSame(FileStamp one, FileStamp other) {
		return one.size() == other.size() && isSameTime(one.modifiedNanos(), other.modifiedNanos())
				&& isSameTime(one.changedNanos(), other.changedNanos());
	}

	/**
	 * Whether two times are the same as far as both are told. One in whole seconds was
	 * cut off there.
	 */
	private static boolean isSameTime(long one, long other) {
		boolean inSeconds = one % SECOND_NANOS == 0 || other % SECOND_NANOS == 0;
		long unit = inSeconds ? SECOND_NANOS : COARSE_NANOS;
		return Math.floorDiv(one, unit) == Math.floorDiv(other, unit);
	}

	private static Optional<TargetFile> look(Place place, Hash hash) throws IOException, Stop {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			Optional<FileStat> seen = place.stat();
			if (seen.isEmpty()) {
				return Optional.empty();
			}
			Digest digest = hash.of(place);
			if (place.stat().map(FileStat::stamp).equals(seen.map(FileStat::stamp))) {
				return Optional.of(new TargetFile(seen.get(), digest));
			}
		}
		throw new Stop(Result.of(Outcome.BEING_WRITTEN, 0,
				"the file on the volume keeps changing while it is read: run this again later"));
	}

	/** What is asked about a place. */
	private interface Question<T> {

		Optional<T> ask(Place place) throws IOException, Stop;

	}

	/**
	 * One file that does not answer is an outcome; a volume that is not there is a
	 * failure.
	 */
	private static <T> Optional<T> ask(Volume volume, MediaId id, Question<T> question) throws IOException, Stop {
		try {
			Optional<Place> found = volume.find(id);
			if (found.isEmpty()) {
				return Optional.empty();
			}
			try (Place place = found.get()) {
				return question.ask(place);
			}
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (PathRefusedException ex) {
			throw ex;
		}
		catch (IOException ex) {
			volume.requireAvailable();
			throw new Stop(Result.of(Outcome.UNREADABLE, 0,
					"the file on the volume cannot be read (" + ex + "): let app-service's user read it"));
		}
	}

}
