package dev.holdfast.worker.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.source.SourceException.Kind;
import dev.holdfast.worker.store.ContentSource;
import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A volume that is mounted here, read-only as far as this class is concerned.
 * <p>
 * No symbolic link below the root is followed, at no component and at no moment: each
 * directory is opened relative to the one before it. FIFOs and sockets lie on volumes
 * too, and opening a FIFO blocks for ever, so that only what a look beforehand shows as a
 * regular file is opened at all.
 * <p>
 * The marker file proves that the volume is in place. Without it a file that is not there
 * says nothing: the mount may be missing, or another one in its place.
 */
final class LocalVolume {

	private static final String MARKER = "volume.json";

	private static final int LARGEST_MARKER = 64 * 1024;

	/**
	 * Bytes per read. The JDK keeps a direct buffer of the largest read per carrier
	 * thread, so one read of a whole file would keep as much outside of the heap.
	 */
	private static final int CHUNK = 256 * 1024;

	private static final Set<OpenOption> READ_NOT_FOLLOWING = Set.of(StandardOpenOption.READ,
			LinkOption.NOFOLLOW_LINKS);

	private final VolumeName name;

	private final Path root;

	private final JsonMapper mapper = new JsonMapper();

	LocalVolume(VolumeName name, Path root) {
		this.name = name;
		this.root = root;
	}

	SourceFile open(MediaStored event) throws SourceException {
		MediaId id = event.id();
		Path relative;
		try {
			relative = this.root.getFileSystem().getPath(id.path());
		}
		catch (InvalidPathException ex) {
			throw new SourceException(Kind.UNREADABLE, this.name,
					"read '" + id + "': its name does not fit this process's locale: start it with LC_ALL=C.UTF-8", ex);
		}
		try {
			FileStamp stamp = FileStamp.of(this.root.resolve(relative));
			if (!stamp.regular()) {
				throw new SourceException(Kind.UNREADABLE, this.name, "read '" + id + "': it is no regular file", null);
			}
			return new LocalFile(id, relative, stamp);
		}
		catch (IOException ex) {
			throw classify(id, relative, ex);
		}
	}

	/**
	 * Checks the marker.
	 * @throws SourceException {@code VOLUME_AWAY} where it is not this volume's
	 */
	void probe() throws SourceException {
		Path marker = this.root.resolve(MediaId.RESERVED).resolve(MARKER);
		try (SeekableByteChannel channel = Files.newByteChannel(marker, READ_NOT_FOLLOWING)) {
			ByteBuffer content = ByteBuffer.allocate((int) Math.min(channel.size(), LARGEST_MARKER));
			while (content.hasRemaining() && channel.read(content) >= 0) {
				// Until the marker is read.
			}
			JsonNode json = this.mapper.readTree(content.array(), 0, content.position());
			String found = json.path("volume").asString("");
			if (!found.equals(this.name.value())) {
				throw away("its marker " + marker + " is that of volume '" + found + "'", null);
			}
		}
		catch (NoSuchFileException ex) {
			throw away("there is no marker " + marker, ex);
		}
		catch (IOException | JacksonException ex) {
			throw away("its marker " + marker + " cannot be read: " + ex.getMessage(), ex);
		}
	}

	private SourceException away(String why, @Nullable Exception cause) {
		return new SourceException(Kind.VOLUME_AWAY, this.name,
				"volume '" + this.name + "': " + why + ": mount it at " + this.root, cause);
	}

	/**
	 * A channel on the file, opened component by component from the root.
	 */
	private SeekableByteChannel openChannel(Path relative) throws IOException {
		try (DirectoryStream<Path> directory = Files.newDirectoryStream(this.root)) {
			if (directory instanceof SecureDirectoryStream<Path> secure) {
				return openChannel(secure, relative, 0);
			}
		}
		throw new IOException("this file system cannot open a path without following links");
	}

	private static SeekableByteChannel openChannel(SecureDirectoryStream<Path> directory, Path relative, int depth)
			throws IOException {
		Path component = relative.getName(depth);
		if (depth == relative.getNameCount() - 1) {
			return directory.newByteChannel(component, READ_NOT_FOLLOWING);
		}
		try (SecureDirectoryStream<Path> next = directory.newDirectoryStream(component, LinkOption.NOFOLLOW_LINKS)) {
			return openChannel(next, relative, depth + 1);
		}
	}

	/**
	 * Finds out what a failure was about: the volume, the file, or the way to it.
	 */
	SourceException classify(MediaId id, Path relative, IOException ex) {
		try {
			probe();
		}
		catch (SourceException away) {
			away.addSuppressed(ex);
			return away;
		}
		if (ex instanceof NoSuchFileException) {
			return missing(id, ex);
		}
		if (ex instanceof AccessDeniedException) {
			return new SourceException(Kind.UNREADABLE, this.name,
					"read '" + id
							+ "': permission denied: let the worker's user read the file and enter its directories",
					ex);
		}
		// What is left may be an obstacle on the way, which the exception does not name.
		Path at = this.root;
		for (int i = 0; i < relative.getNameCount(); i++) {
			at = at.resolve(relative.getName(i));
			if (Files.isSymbolicLink(at)) {
				return new SourceException(Kind.UNREADABLE, this.name, "read '" + id + "': '" + this.root.relativize(at)
						+ "' is a symbolic link, and none is followed", ex);
			}
			if (i < relative.getNameCount() - 1 && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
				return missing(id, ex);
			}
		}
		return new SourceException(Kind.TRANSIENT, this.name, "read '" + id + "': " + ex.getMessage(), ex);
	}

	private SourceException missing(MediaId id, IOException cause) {
		return new SourceException(Kind.MISSING, this.name, "read '" + id + "': missing on the volume", cause);
	}

	/** A file of this volume. */
	private final class LocalFile implements SourceFile {

		private final MediaId id;

		private final Path relative;

		private final FileStamp stamp;

		LocalFile(MediaId id, Path relative, FileStamp stamp) {
			this.id = id;
			this.relative = relative;
			this.stamp = stamp;
		}

		@Override
		public long size() {
			return this.stamp.size();
		}

		@Override
		public byte[] readAll() throws SourceException {
			try (SeekableByteChannel channel = openChannel(this.relative)) {
				byte[] bytes = new byte[Math.toIntExact(size())];
				ByteBuffer buffer = ByteBuffer.wrap(bytes);
				int read = 0;
				while (read >= 0 && buffer.position() < bytes.length) {
					buffer.limit(Math.min(bytes.length, buffer.position() + CHUNK));
					read = channel.read(buffer);
				}
				return (buffer.position() == bytes.length) ? bytes : Arrays.copyOf(bytes, buffer.position());
			}
			catch (IOException ex) {
				throw classify(this.id, this.relative, ex);
			}
		}

		@Override
		public ContentSource content() {
			return () -> openChannel(this.relative);
		}

		@Override
		public boolean unchanged() throws SourceException {
			try {
				return FileStamp.of(LocalVolume.this.root.resolve(this.relative)).equals(this.stamp);
			}
			catch (NoSuchFileException ex) {
				return false;
			}
			catch (IOException ex) {
				throw classify(this.id, this.relative, ex);
			}
		}

		@Override
		public void close() {
			// Every channel is closed by whoever opened it.
		}

	}

}
