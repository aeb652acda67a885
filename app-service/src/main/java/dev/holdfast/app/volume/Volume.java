package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named directory tree of media. Its own directory {@value MediaId#RESERVED} holds the
 * marker {@code volume.json}, which proves that this is the volume and not an empty mount
 * point, the staging directory {@code tmp}, and the lock of the app-service that owns the
 * volume.
 */
public final class Volume implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Volume.class);

	private final VolumeName name;

	private final Path root;

	private final KnownVolumes known;

	private final Clock clock;

	private final StagingWriter writer;

	private final VolumeTree tree;

	private final IdentityWatch identity;

	private final VolumeTraits traits;

	private @Nullable FileChannel owner;

	private @Nullable VolumeState lastSeen;

	Volume(VolumeName name, Path root, VolumeTraits traits, KnownVolumes known, StagingWriter writer, Clock clock) {
		this.name = name;
		this.root = root;
		this.traits = traits;
		this.known = known;
		this.writer = writer;
		this.tree = new VolumeTree(root);
		this.identity = new IdentityWatch(root);
		this.clock = clock;
	}

	/**
	 * The volume's name.
	 */
	public VolumeName name() {
		return this.name;
	}

	/**
	 * The directory it is in.
	 */
	public Path root() {
		return this.root;
	}

	/**
	 * Which of its files scan and watch look after.
	 */
	public FileRules rules() {
		return this.traits.rules();
	}

	/**
	 * Whether nothing is ever written to it: it is scanned and watched, and takes no
	 * files.
	 */
	public boolean isReadOnly() {
		return this.traits.readOnly();
	}

	/**
	 * The directory on the same file system where files are written before they get their
	 * name.
	 */
	public Path staging() {
		return this.root.resolve(MediaId.RESERVED).resolve("tmp");
	}

	/**
	 * Looks whether the volume can be used, now. The first look at a directory that was
	 * never a volume makes it one; a volume that comes back is taken up again.
	 */
	public synchronized VolumeState state() {
		VolumeState now;
		try {
			now = look();
		}
		catch (IOException ex) {
			now = new VolumeState.NotAvailable("Volume '" + this.name + "' at " + this.root + " cannot be used: " + ex);
		}
		if (now instanceof VolumeState.NotAvailable) {
			giveUpOwnership();
		}
		if (!now.equals(this.lastSeen)) {
			this.lastSeen = now;
			switch (now) {
				case VolumeState.Available _ -> LOG.atInfo()
					.addKeyValue("volume", this.name)
					.addKeyValue("path", this.root)
					.log("Volume available");
				case VolumeState.NotAvailable(String reason) -> LOG.atWarn()
					.addKeyValue("volume", this.name)
					.addKeyValue("reason", reason)
					.log("Volume not available");
			}
		}
		return now;
	}

	/** How often it was taken into use; what was seen before proves nothing. */
	public synchronized long generation() {
		return this.identity.generation();
	}

	/**
	 * Requires that the volume can be used.
	 * @throws VolumeNotAvailableException where it cannot
	 */
	public void requireAvailable() throws VolumeNotAvailableException {
		if (state() instanceof VolumeState.NotAvailable(String reason)) {
			throw new VolumeNotAvailableException(reason);
		}
	}

	/**
	 * Requires that the volume can be used.
	 * @return which taking into use this is, see {@link #generation()}
	 * @throws VolumeNotAvailableException where it cannot
	 */
	public synchronized long requireTaken() throws VolumeNotAvailableException {
		requireAvailable();
		return generation();
	}

	/**
	 * Requires that the volume can be used, and has been all the time since it was taken
	 * into use then.
	 * @throws VolumeNotAvailableException where it cannot, or was away meanwhile
	 */
	public void requireTaken(long taking) throws VolumeNotAvailableException {
		if (requireTaken() != taking) {
			throw new VolumeNotAvailableException("Volume '" + this.name + "' at " + this.root
					+ " was away and has come back: what was seen on it before is looked at again");
		}
	}

	/**
	 * Requires that the volume can be used, and written to.
	 * @throws VolumeNotAvailableException where it cannot be used now
	 * @throws VolumeReadOnlyException where it is never written to
	 */
	public void requireWritable() throws IOException {
		refuseIfReadOnly();
		requireAvailable();
	}

	private void refuseIfReadOnly() throws VolumeReadOnlyException {
		if (isReadOnly()) {
			throw new VolumeReadOnlyException("Volume '" + this.name
					+ "' is read-only: it takes no files. Mount it writable and remove '" + this.name
					+ "' from holdfast.volumes-read-only, or write to the directory by the application that owns it");
		}
	}

	/**
	 * Begins a file in the staging directory.
	 * @param further a second digest to compute on the way
	 * @throws VolumeNotAvailableException where the volume cannot be used now
	 * @throws VolumeReadOnlyException where it is never written to
	 */
	public StagedFile stage(@Nullable MessageDigest further) throws IOException {
		requireWritable();
		return new StagedFile(this, this.writer, further);
	}

	/**
	 * Where the file is.
	 * @return empty where a directory on the way is missing
	 * @throws PathRefusedException where something else than a directory is on the way
	 */
	public Optional<Place> find(MediaId id) throws IOException {
		try {
			return Optional.of(this.tree.walk(id.path(), false));
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Where the file is to be. Makes the directories that are missing on the way.
	 * @throws PathRefusedException where something else than a directory is on the way
	 */
	public Place findOrMake(MediaId id) throws IOException {
		refuseIfReadOnly();
		return this.tree.walk(id.path(), true);
	}

	/**
	 * Makes a directory with those above it that are missing, with owner and permissions
	 * of another as far as this process may.
	 * @return whether there was none before
	 * @throws PathRefusedException where something else than a directory is on the way
	 */
	public boolean makeDirectory(String directory, FileStat like) throws IOException {
		refuseIfReadOnly();
		return this.tree.make(directory, like);
	}

	@Override
	public synchronized void close() {
		giveUpOwnership();
	}

	private void giveUpOwnership() {
		FileChannel held = this.owner;
		this.owner = null;
		this.identity.release();
		if (held != null) {
			VolumeLock.giveBack(held, this.name);
		}
	}

	SecureDirectoryStream<Path> openStaging() throws IOException {
		return this.tree.open(MediaId.RESERVED, "tmp");
	}

	private VolumeState look() throws IOException {
		if (!Files.isDirectory(this.root)) {
			return notAvailable("is not there: mount it, or make the directory");
		}
		Optional<VolumeMarker> marker = VolumeMarks.read(this.root);
		Optional<String> knownId = this.known.idOf(this.name);
		if (marker.isPresent() && !marker.get().volume().equals(this.name.value())) {
			return notAvailable(
					"is volume '" + marker.get().volume() + "' by its marker: correct holdfast.volumes." + this.name);
		}
		if (knownId.isPresent() && !marker.map(VolumeMarker::id).equals(knownId)) {
			return notAvailable((marker.isEmpty() ? "has no marker file" : "has another volume's marker file")
					+ ": mount the right directory; to begin anew with this one, stop app-service and remove '"
					+ this.name + "' from " + this.known.file());
		}
		if (marker.isEmpty() && isReadOnly()) {
			return notAvailable("is read-only and has no marker file: make it where the directory is writable, with"
					+ " ./holdfast volume mark DIR --name " + this.name);
		}
		Optional<String> difference = this.identity.difference(lockFile());
		if (difference.isPresent()) {
			return notAvailable("was replaced while in use, " + difference.get() + ": see what is mounted there");
		}
		if (this.owner == null) {
			Optional<FileChannel> locked = takeOwnership();
			if (locked.isEmpty()) {
				return notAvailable("is held by another app-service: stop that one");
			}
			this.owner = locked.get();
			this.known.remember(this.name,
					marker.isPresent() ? marker.get().id() : VolumeMarks.write(this.root, this.name, this.clock).id());
			this.identity.take(lockFile());
		}
		return new VolumeState.Available();
	}

	private VolumeState notAvailable(String why) {
		return new VolumeState.NotAvailable("Volume '" + this.name + "' at " + this.root + " " + why);
	}

	/**
	 * Locks the volume and removes what a predecessor that was killed left in the staging
	 * directory. The lock of a volume that is not written to is in the data directory: it
	 * keeps out a second process with the same data, and no other.
	 * @return empty where another process holds the lock
	 */
	private Optional<FileChannel> takeOwnership() throws IOException {
		if (isReadOnly()) {
			return VolumeLock.take(lockFile(), () -> {
			});
		}
		DurableFiles.ensureDirectory(this.root.resolve(MediaId.RESERVED));
		return VolumeLock.take(lockFile(), this::emptyStaging);
	}

	private Path lockFile() {
		return isReadOnly() ? this.known.lock(this.name) : this.root.resolve(MediaId.RESERVED).resolve("lock");
	}

	private void emptyStaging() throws IOException {
		DurableFiles.ensureDirectory(staging());
		try (DirectoryStream<Path> leftOvers = Files.newDirectoryStream(staging())) {
			for (Path leftOver : leftOvers) {
				Files.delete(leftOver);
			}
		}
	}

}
