package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.UUID;

import dev.holdfast.model.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way onto a volume: written and hashed in the staging directory, then
 * given its name in one step. Closed without a name it vanishes.
 */
public final class StagedFile implements AutoCloseable {

	private static final int PLAIN_RIGHTS = 0777;

	private final Volume volume;

	private final Path name;

	private final Path path;

	private final FileChannel channel;

	private final StagingWriter writer;

	private final MessageDigest sha256 = Digest.newSha256();

	private final @Nullable MessageDigest further;

	private long size;

	private @Nullable Digest digest;

	private boolean placed;

	/**
	 * Makes an empty file in the staging directory.
	 * @param further a second digest to compute on the way
	 */
	StagedFile(Volume volume, StagingWriter writer, @Nullable MessageDigest further) throws IOException {
		this.writer = writer;
		this.further = further;
		this.name = Path.of(UUID.randomUUID().toString());
		this.path = volume.staging().resolve(this.name);
		this.volume = volume;
		try (SecureDirectoryStream<Path> staging = volume.openStaging()) {
			this.channel = SecureTree.openFile(staging, this.name, StandardOpenOption.CREATE_NEW,
					StandardOpenOption.WRITE);
		}
	}

	/**
	 * Adds bytes.
	 * @throws IOException where the volume does not take them
	 */
	public void write(byte[] buffer, int offset, int length) throws IOException {
		this.writer.write(this.channel, ByteBuffer.wrap(buffer, offset, length));
		this.sha256.update(buffer, offset, length);
		if (this.further != null) {
			this.further.update(buffer, offset, length);
		}
		this.size += length;
	}

	/**
	 * Ends writing: the bytes are on the disk when this returns.
	 * @throws IOException where they are not
	 */
	public void finish() throws IOException {
		this.writer.sync(this.channel);
		this.channel.close();
		this.digest = Digest.ofSha256(this.sha256.digest());
	}

	/**
	 * How many bytes were written.
	 */
	public long size() {
		return this.size;
	}

	/**
	 * The digest of the bytes.
	 * @throws IllegalStateException before {@link #finish()}
	 */
	public Digest digest() {
		if (this.digest == null) {
			throw new IllegalStateException("Not finished");
		}
		return this.digest;
	}

	/**
	 * Makes the file's owner and permissions those of the file it is to replace, as far
	 * as this process may: the application that owns the file goes on using it.
	 */
	void resemble(FileStat replaced) throws IOException {
		FileStat own = FileStat.of(this.path);
		if (!own.owner().equals(replaced.owner())) {
			Ownership.take(this.path, replaced.owner());
		}
		if (own.mode() != replaced.mode()) {
			Files.setAttribute(this.path, "unix:mode", replaced.mode());
		}
	}

	/**
	 * Gives the file owner, permissions and time of last modification of another, as far
	 * as this process may. To be called before {@link #finish()}, which makes them
	 * durable.
	 * @return whether the owner is that of the other; where not, it gets no rights beyond
	 * reading, writing and executing
	 */
	public boolean keep(FileStat like) throws IOException {
		boolean owned = Ownership.take(this.path, like.owner());
		Files.setAttribute(this.path, "unix:mode", owned ? like.mode() : (like.mode() & PLAIN_RIGHTS));
		Files.getFileAttributeView(this.path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
			.setTimes(FileTime.from(like.modified()), null, null);
		return owned;
	}

	/**
	 * Reads a finished file again.
	 * @return the digest of what the file system gives back
	 */
	public Digest reread() throws IOException {
		try (SecureDirectoryStream<Path> staging = this.volume.openStaging();
				FileChannel again = SecureTree.openFile(staging, this.name, StandardOpenOption.READ)) {
			return Digest.of(Channels.newInputStream(again));
		}
	}

	/**
	 * Gives the file a name that nothing has, in one step that fails where something has
	 * it. The JDK links by whole paths only, so the caller has to look whether the file
	 * is where it was to be.
	 * @throws java.nio.file.FileAlreadyExistsException where something has the name
	 * @throws UnsupportedOperationException where the file system makes no links
	 */
	void linkTo(Path target) throws IOException {
		try {
			Files.createLink(target, this.path);
		}
		catch (FileAlreadyExistsException | NoSuchFileException ex) {
			throw ex;
		}
		catch (FileSystemException ex) {
			throw new UnsupportedOperationException("No links: " + ex.getReason(), ex);
		}
	}

	/**
	 * Gives the file its name in an open directory, in the place of what had it.
	 */
	void moveTo(SecureDirectoryStream<Path> directory, Path target) throws IOException {
		try (SecureDirectoryStream<Path> staging = this.volume.openStaging()) {
			staging.move(this.name, directory, target);
		}
		this.placed = true;
	}

	FileStat stat() throws IOException {
		return FileStat.of(this.path);
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
		if (!this.placed) {
			this.placed = true;
			try (SecureDirectoryStream<Path> staging = this.volume.openStaging()) {
				staging.deleteFile(this.name);
			}
		}
	}

}
