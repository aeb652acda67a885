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
import dev.holdfast.app.volume.VolumeMarks;
import dev.holdfast.model.MediaId;

/**
 * Finds out whether the kernel tells of changes on a volume, by making one; of a volume
 * that is never written to, by reading a file, which it tells of in the same way.
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
	 * @param readOnly whether the volume is never written to
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
			Path own = root.resolve(MediaId.RESERVED);
			return readOnly ? read(own, VolumeMarks.file(root)) : written(own);
		}
		catch (IOException ex) {
			return Optional.of("it could not be tried: " + ex.getMessage());
		}
	}

	private static Optional<String> written(Path own) throws IOException {
		Path probe = own.resolve("watch-probe");
		try (Inotify inotify = Inotify.open()) {
			inotify.watch(own);
			Files.write(probe, new byte[0]);
			return isTold(inotify, InotifyEvent.Kind.CLOSE_WRITE, probe) ? Optional.empty()
					: Optional.of("a file was written and no event came");
		}
		finally {
			Files.deleteIfExists(probe);
		}
	}

	private static Optional<String> read(Path own, Path marker) throws IOException {
		try (Inotify inotify = Inotify.open()) {
			inotify.watchReads(own);
			Files.newInputStream(marker).close();
			return isTold(inotify, InotifyEvent.Kind.CLOSE_NOWRITE, marker) ? Optional.empty()
					: Optional.of("a file was read and no event came");
		}
	}

	private static boolean isTold(Inotify inotify, InotifyEvent.Kind kind, Path file) throws IOException {
		String name = file.getFileName().toString();
		long until = System.nanoTime() + PATIENCE.toNanos();
		Duration left = PATIENCE;
		while (left.isPositive()) {
			for (InotifyEvent event : inotify.read(left)) {
				if (event.is(kind) && new String(event.rawName(), StandardCharsets.UTF_8).equals(name)) {
					return true;
				}
			}
			left = Duration.ofNanos(until - System.nanoTime());
		}
		return false;
	}

}
