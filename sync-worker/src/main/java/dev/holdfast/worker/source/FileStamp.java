package dev.holdfast.worker.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/**
 * What the file system says of a file, without following a link. Two equal stamps with
 * time between them mean that nobody wrote to the file or put another in its place: a
 * program that sets the modification time back still moves the change time.
 *
 * @param regular whether it is a regular file
 * @param size its length in bytes
 * @param modified when its content last changed, as far as programs admit
 * @param changed when its inode last changed, which no program can set
 * @param inode its number on the device
 * @param device the device
 */
record FileStamp(boolean regular, long size, FileTime modified, FileTime changed, long inode, long device) {

	private static final String WANTED = "unix:isRegularFile,size,lastModifiedTime,ctime,ino,dev";

	/**
	 * The stamp of the file at a path.
	 * @throws IOException where there is none or it cannot be looked at
	 */
	static FileStamp of(Path path) throws IOException {
		Map<String, Object> found = Files.readAttributes(path, WANTED, LinkOption.NOFOLLOW_LINKS);
		return new FileStamp((Boolean) wanted(found, "isRegularFile"), ((Number) wanted(found, "size")).longValue(),
				(FileTime) wanted(found, "lastModifiedTime"), (FileTime) wanted(found, "ctime"),
				((Number) wanted(found, "ino")).longValue(), ((Number) wanted(found, "dev")).longValue());
	}

	private static Object wanted(Map<String, Object> found, String name) {
		return Objects.requireNonNull(found.get(name), name);
	}

}
