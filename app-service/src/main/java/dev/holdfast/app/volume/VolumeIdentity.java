package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What the operating system knows a volume's directory by. Compared within one run only:
 * after a reboot the same disk may have another device number, and there the marker alone
 * decides.
 *
 * @param device the device that the root is on
 * @param inode the root's inode
 * @param mount the id of the mount that it is on
 * @param lock the inode of the lock file below it, 0 where there is none. That file is
 * held open, so that no other file gets its number: what has it is the very directory
 * that was taken.
 */
record VolumeIdentity(long device, long inode, long mount, long lock) {

	/**
	 * Asks the operating system.
	 * @param mount the id of the mount, which is costly to find out
	 */
	static VolumeIdentity of(Path root, Path lock, long mount) throws IOException {
		Map<String, Object> seen = Files.readAttributes(root, "unix:dev,ino");
		return new VolumeIdentity(number(seen, "dev"), number(seen, "ino"), mount, inodeOf(lock));
	}

	/**
	 * What is another than it was, for people.
	 */
	String differenceTo(VolumeIdentity before) {
		if (this.device != before.device) {
			return "another file system is mounted there";
		}
		if (this.inode != before.inode || this.lock != before.lock) {
			return "another directory has its place";
		}
		return "it was mounted again";
	}

	private static long inodeOf(Path file) throws IOException {
		try {
			return number(Files.readAttributes(file, "unix:ino", LinkOption.NOFOLLOW_LINKS), "ino");
		}
		catch (NoSuchFileException ex) {
			return 0;
		}
	}

	private static long number(Map<String, Object> attributes, String name) {
		return ((Number) Objects.requireNonNull(attributes.get(name), name)).longValue();
	}

}
