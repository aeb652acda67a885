package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.holdfast.app.linux.Inotify;
import dev.holdfast.app.linux.InotifyEvent;
import dev.holdfast.app.linux.Linux;
import dev.holdfast.model.MediaId;

/**
 * Finds out whether the kernel tells of changes on a volume, by making one.
 */
final class Delivery {

	/**
	 * Here the kernel tells of what this host does, and not of what others do, so trying
	 * finds nothing wrong.
	 */
	private static final Set<String> SHARED = Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p",
			"virtiofs", "vboxsf", "prl_fs", "vmhgfs", "drvfs", "fakeowner", "ceph", "glusterfs", "lustre", "afs",
			"ocfs2", "gfs2");

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private Delivery() {
	}

	/**
	 * Why inotify is of no use here.
	 * @param readOnly whether the volume is never written to, and so cannot be tried
	 * @return empty where it works
	 */
	static Optional<String> trouble(Path root, boolean readOnly) {
		if (!Linux.isPresent()) {
			return Optional.of("inotify is not on this platform");
		}
		try {
			FileStore store = Files.getFileStore(root);
			String type = store.type().toLowerCase(Locale.ROOT);
			if (SHARED.contains(type) || type.startsWith("fuse")) {
				return Optional.of("on a file system of type " + type + " others may write unseen");
			}
			return readOnly ? Optional.empty() : tried(root.resolve(MediaId.RESERVED));
		}
		catch (IOException ex) {
			return Optional.of("it could not be tried: " + ex.getMessage());
		}
	}

	private static Optional<String> tried(Path own) throws IOException {
		Path probe = own.resolve("watch-probe");
		try (Inotify inotify = Inotify.open()) {
			inotify.watch(own);
			Files.write(probe, new byte[0]);
			long until = System.nanoTime() + PATIENCE.toNanos();
			Duration left = PATIENCE;
			while (left.isPositive()) {
				for (InotifyEvent event : inotify.read(left)) {
					if (event.is(InotifyEvent.Kind.CLOSE_WRITE)
							&& new String(event.rawName(), StandardCharsets.UTF_8).equals("watch-probe")) {
						return Optional.empty();
					}
				}
				left = Duration.ofNanos(until - System.nanoTime());
			}
			return Optional.of("a file was written and no event came");
		}
		finally {
			Files.deleteIfExists(probe);
		}
	}

}
