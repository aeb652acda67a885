package dev.holdfast.app.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A named directory tree of media. Its own directory {@value MediaId#RESERVED} holds the
 * marker {@code volume.json}, which proves that this is the volume and not an empty mount
 * point, the staging directory {@code tmp}, and the lock of the app-service that owns the
 * volume.
 */
public final class Volume implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Volume.class);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final VolumeName name;

	private final Path root;

	private final KnownVolumes known;

	private final Clock clock;

	private final StagingWriter writer;

	private final VolumeTree tree;

	private @Nullable FileChannel owner;

	private @Nullable VolumeState lastSeen;

	Volume(VolumeName name, Path root, KnownVolumes known, StagingWriter writer, Clock clock) {
		this.name = name;
		this.root = root;
		this.known = known;
		this.writer = writer;
		this.tree = new VolumeTree(root);
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
		return FileRules.ALL;
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
	 * Begins a file in the staging directory.
	 * @param further a second digest to compute on the way
	 * @throws VolumeNotAvailableException where the volume cannot be used now
	 */
	public StagedFile stage(@Nullable MessageDigest further) throws IOException {
		requireAvailable();
		return new StagedFile(this, this.writer, further);
	}

	/**
	 * Where the file is.
	 * @return empty where a directory on the way is missing
	 * @throws PathRefusedException where something else than a directory is on the way
	 */
	public Optional<Place> find(MediaId id) throws IOException {
		try {
			return Optional.of(this.tree.walk(id, false));
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
		return this.tree.walk(id, true);
	}

	@Override
	public synchronized void close() {
		giveUpOwnership();
	}

	private void giveUpOwnership() {
		FileChannel held = this.owner;
		this.owner = null;
		if (held != null) {
			try {
				held.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException("Volume '" + this.name + "': its lock could not be given back", ex);
			}
		}
	}

	SecureDirectoryStream<Path> openStaging() throws IOException {
		return this.tree.open(MediaId.RESERVED, "tmp");
	}

	private VolumeState look() throws IOException {
		if (!Files.isDirectory(this.root)) {
			return notAvailable("is not there: mount it, or make the directory");
		}
		Optional<VolumeMarker> marker = readMarker();
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
		if (this.owner == null) {
			Optional<FileChannel> locked = takeOwnership();
			if (locked.isEmpty()) {
				return notAvailable("is held by another app-service: stop that one");
			}
			this.owner = locked.get();
			this.known.remember(this.name, marker.isPresent() ? marker.get().id() : writeMarker().id());
		}
		return new VolumeState.Available();
	}

	private VolumeState notAvailable(String why) {
		return new VolumeState.NotAvailable("Volume '" + this.name + "' at " + this.root + " " + why);
	}

	private Path own(String file) {
		return this.root.resolve(MediaId.RESERVED).resolve(file);
	}

	private Optional<VolumeMarker> readMarker() throws IOException {
		Path file = own("volume.json");
		try {
			return FileStat.of(file).isFile()
					? Optional.of(JSON.readValue(Files.readAllBytes(file), VolumeMarker.class)) : Optional.empty();
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (JacksonException ex) {
			throw new IOException(file + " is no marker: " + ex.getOriginalMessage(), ex);
		}
	}

	private VolumeMarker writeMarker() throws IOException {
		VolumeMarker marker = new VolumeMarker(this.name.value(), UUID.randomUUID().toString(), this.clock.instant());
		DurableFiles.write(own("volume.json"), JSON.writeValueAsBytes(marker));
		return marker;
	}

	/**
	 * Locks the volume and removes what a predecessor that was killed left in the staging
	 * directory.
	 * @return empty where another process holds the lock
	 */
	private Optional<FileChannel> takeOwnership() throws IOException {
		DurableFiles.ensureDirectory(this.root.resolve(MediaId.RESERVED));
		FileChannel channel = FileChannel.open(own("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				LinkOption.NOFOLLOW_LINKS);
		boolean owned = false;
		try {
			FileLock lock = channel.tryLock();
			if (lock == null) {
				return Optional.empty();
			}
			DurableFiles.ensureDirectory(staging());
			try (DirectoryStream<Path> leftOvers = Files.newDirectoryStream(staging())) {
				for (Path leftOver : leftOvers) {
					Files.delete(leftOver);
				}
			}
			owned = true;
			return Optional.of(channel);
		}
		catch (OverlappingFileLockException ex) {
			return Optional.empty();
		}
		finally {
			if (!owned) {
				channel.close();
			}
		}
	}

}
