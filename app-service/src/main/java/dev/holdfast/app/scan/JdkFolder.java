package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

import dev.holdfast.app.volume.FileStat;

/**
 * A directory through the JDK, for systems that are no Linux. It goes by paths, which are
 * looked at anew each time. A name that is no UTF-8 comes out as bytes that are none
 * either, so that it is refused.
 */
final class JdkFolder implements Folder {

	private static final byte NO_UTF_8 = (byte) 0xff;

	private final Path path;

	JdkFolder(Path path) {
		this.path = path;
	}

	@Override
	public Names names() throws IOException {
		Names names = new Names();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(this.path)) {
			for (Path entry : entries) {
				Path name = entry.getFileName();
				String text = name.toString();
				byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
				if (!Path.of(text).equals(name)) {
					bytes[0] = NO_UTF_8;
				}
				names.add(bytes, bytes.length, Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS));
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		names.sort();
		return names;
	}

	@Override
	public Seen look(byte[] name, int offset, int length) throws IOException {
		FileStat stat = FileStat.of(resolve(name, offset, length));
		return new Seen(stat.kind(), stat.stamp());
	}

	@Override
	public Folder open(byte[] name, int offset, int length) throws IOException {
		Path directory = resolve(name, offset, length);
		if (FileStat.of(directory).kind() != FileStat.Kind.DIRECTORY) {
			throw new NotDirectoryException(directory.toString());
		}
		return new JdkFolder(directory);
	}

	private Path resolve(byte[] name, int offset, int length) {
		return this.path.resolve(new String(name, offset, length, StandardCharsets.UTF_8));
	}

	@Override
	public void close() {
		// Nothing is held.
	}

}
