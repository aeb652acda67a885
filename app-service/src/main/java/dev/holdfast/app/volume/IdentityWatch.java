package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Remembers which directory was taken into use, and tells when another one is in its
 * place. Used by one thread at a time.
 */
final class IdentityWatch {

	/**
	 * Asking for the mount costs far more than asking for device and inode, which tell
	 * all but the mounting of the same directory again.
	 */
	private static final Duration MOUNT_KNOWN_FOR = Duration.ofSeconds(1);

	private final Path root;

	/** What was taken, {@code null} where nothing is. */
	private @Nullable VolumeIdentity taken;

	private long mount = MountTable.UNKNOWN;

	private long mountAsked;

	private long generation;

	IdentityWatch(Path root) {
		this.root = root;
	}

	/**
	 * The directory is taken into use as it is.
	 */
	void take(Path lock) throws IOException {
		release();
		this.taken = identity(lock);
		this.generation++;
	}

	void release() {
		this.taken = null;
	}

	/** How often it was taken. */
	long generation() {
		return this.generation;
	}

	/**
	 * What is another than it was when it was taken, for people; empty where nothing is.
	 */
	Optional<String> difference(Path lock) throws IOException {
		VolumeIdentity before = this.taken;
		if (before == null) {
			return Optional.empty();
		}
		VolumeIdentity now = identity(lock);
		return now.equals(before) ? Optional.empty() : Optional.of(now.differenceTo(before));
	}

	private VolumeIdentity identity(Path lock) throws IOException {
		if (this.taken == null || System.nanoTime() - this.mountAsked >= MOUNT_KNOWN_FOR.toNanos()) {
			this.mount = MountTable.idOf(this.root.toRealPath());
			this.mountAsked = System.nanoTime();
		}
		return VolumeIdentity.of(this.root, lock, this.mount);
	}

}
