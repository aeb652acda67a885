package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.Optional;

import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.SourceReplacedException;
import dev.holdfast.model.Digest;

/**
 * A file of the source folder. Whatever goes wrong with it is a {@link Stop} with the
 * outcome, so that every other failure is one of the volume, or of the whole folder.
 */
final class SourceFile implements AutoCloseable {

	private static final int BUFFER_BYTES = 128 * 1024;

	private final SourceFolder folder;

	private final Place place;

	private final FileStat stat;

	private SourceFile(SourceFolder folder, Place place, FileStat stat) {
		this.folder = folder;
		this.place = place;
		this.stat = stat;
	}

	/** Ends the work on a file with an outcome. */
	static final class Stop extends Exception {

		private final transient Result result;

		Stop(Result result) {
			super(result.reason());
			this.result = result;
		}

		Result result() {
			return this.result;
		}

	}

	/** Takes the bytes. */
	@FunctionalInterface
	interface Sink {

		void write(byte[] buffer, int offset, int length) throws IOException;

	}

	/**
	 * Finds a file that has been still for a time and that nobody has open for writing.
	 * @throws Stop where there is none
	 * @throws SourceReplacedException where the folder is another one by now
	 */
	static SourceFile open(SourceFolder folder, String path) throws Stop, SourceReplacedException {
		try {
			Place place = folder.tree().find(path).orElseThrow(() -> new Stop(Result.of(Outcome.VANISHED, 0)));
			try {
				FileStat stat = place.stat().orElseThrow(() -> new Stop(Result.of(Outcome.VANISHED, 0)));
				if (!folder.isSettled(path, stat)) {
					throw beingWritten(stat.stamp().size());
				}
				SourceFile file = new SourceFile(folder, place, stat);
				file.requireClosed();
				return file;
			}
			catch (Stop | IOException | RuntimeException ex) {
				place.close();
				throw ex;
			}
		}
		catch (SourceReplacedException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw stop(ex, 0);
		}
	}

	private static Stop beingWritten(long size) {
		return new Stop(Result.of(Outcome.BEING_WRITTEN, size,
				"changed a moment ago or while it was read: run this again when nobody writes to it"));
	}

	private static Stop stop(IOException met, long size) {
		return new Stop(failed(met, size));
	}

	/**
	 * What becomes of a name that cannot be got at.
	 */
	static Result failed(IOException met, long size) {
		return switch (met) {
			case NoSuchFileException _ -> Result.of(Outcome.VANISHED, size);
			case PathRefusedException refused -> (refused.kind() == PathRefusedException.Kind.SYMBOLIC_LINK)
					? Result.of(Outcome.SYMBOLIC_LINK, size, "not followed: give the folder it points to as a source")
					: Result.of(Outcome.SPECIAL, size, "no regular file");
			default ->
				Result.of(Outcome.UNREADABLE, size, "cannot be read (" + met + "): let app-service's user read it");
		};
	}

	/**
	 * What the file system says of it.
	 */
	FileStat stat() {
		return this.stat;
	}

	/**
	 * Its length in bytes.
	 */
	long size() {
		return this.stat.stamp().size();
	}

	/**
	 * Reads it from its beginning to its end, but not for ever where someone adds to it.
	 * @throws Stop where it cannot be read, or grows
	 * @throws IOException where the sink does not take it
	 */
	void copyTo(Sink sink) throws Stop, IOException {
		byte[] buffer = new byte[BUFFER_BYTES];
		ByteBuffer bytes = ByteBuffer.wrap(buffer);
		long copied = 0;
		try (FileChannel channel = channel()) {
			for (int read = read(channel, bytes); read >= 0; read = read(channel, bytes)) {
				copied += read;
				if (copied > size()) {
					throw beingWritten(size());
				}
				sink.write(buffer, 0, read);
			}
		}
	}

	/**
	 * The digest of its bytes.
	 */
	Digest digest() throws Stop, IOException {
		MessageDigest sha256 = Digest.newSha256();
		copyTo(sha256::update);
		requireUnchanged();
		return Digest.ofSha256(sha256.digest());
	}

	private void requireClosed() throws Stop {
		if (this.folder.isOpenForWriting(this.place, this.stat)) {
			throw new Stop(Result.of(Outcome.BEING_WRITTEN, size(),
					"a program has it open for writing: end the program, or run this again when it has closed it"));
		}
	}

	/**
	 * Requires that it is as it was when it was found, and that nobody has it open for
	 * writing.
	 * @throws Stop where it is not
	 * @throws IOException where the folder is another one by now
	 */
	void requireUnchanged() throws Stop, IOException {
		this.folder.tree().requireInPlace();
		// Before the look: who has closed it by now has left its traces.
		requireClosed();
		try {
			Optional<FileStat> now = this.place.stat();
			if (now.isEmpty()) {
				throw new Stop(Result.of(Outcome.VANISHED, size()));
			}
			if (!now.get().stamp().equals(this.stat.stamp())) {
				throw beingWritten(size());
			}
		}
		catch (IOException ex) {
			throw stop(ex, size());
		}
	}

	/**
	 * Device and inode.
	 * @return empty where it went away
	 */
	Optional<Object> key() throws Stop {
		try {
			return this.place.fileKey();
		}
		catch (IOException ex) {
			throw stop(ex, size());
		}
	}

	/**
	 * Removes it.
	 */
	void delete() throws Stop {
		try {
			this.place.delete();
		}
		catch (NoSuchFileException ex) {
			throw stop(ex, size());
		}
		catch (IOException ex) {
			throw new Stop(Result.of(Outcome.UNREADABLE, size(),
					"cannot be removed (" + ex + "): let app-service's user write to its directory"));
		}
	}

	private FileChannel channel() throws Stop {
		try {
			return this.place.open();
		}
		catch (IOException ex) {
			throw stop(ex, size());
		}
	}

	private int read(FileChannel channel, ByteBuffer bytes) throws Stop {
		try {
			bytes.clear();
			return channel.read(bytes);
		}
		catch (IOException ex) {
			throw stop(ex, size());
		}
	}

	@Override
	public void close() throws IOException {
		this.place.close();
	}

}
