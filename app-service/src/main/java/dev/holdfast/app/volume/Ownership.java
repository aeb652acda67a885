package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives files to those who use them.
 */
final class Ownership {

	private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

	private Ownership() {
	}

	/**
	 * Makes the owner of a file this one.
	 * @param owner as {@code uid:gid}
	 * @return whether it is now; only root may give files away
	 */
	static boolean take(Path path, String owner) throws IOException {
		if (FileStat.of(path).owner().equals(owner)) {
			return true;
		}
		String[] ids = owner.split(":", 2);
		try {
			Files.setAttribute(path, "unix:gid", Integer.parseInt(ids[1]), LinkOption.NOFOLLOW_LINKS);
			Files.setAttribute(path, "unix:uid", Integer.parseInt(ids[0]), LinkOption.NOFOLLOW_LINKS);
			return true;
		}
		catch (FileSystemException ex) {
			// Ours with the same permissions has to do.
			LOG.debug("Owner of {} is not {}: {}", path.getFileName(), owner, ex.getReason());
			return false;
		}
	}

}
