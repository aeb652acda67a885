package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.volume.SourceTree;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Checks what is asked for: the source has to be a folder that may be migrated from, and
 * lie apart from everything that Holdfast itself has.
 */
@Component
final class MigrationPlans {

	/** What the kernel shows as files, and what no one means. */
	private static final List<Path> NO_FILES = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

	private final MigrationSettings settings;

	private final AppSettings app;

	private final Volumes volumes;

	private final Mounts mounts;

	MigrationPlans(MigrationSettings settings, AppSettings app, Volumes volumes, Mounts mounts) {
		this.settings = settings;
		this.app = app;
		this.volumes = volumes;
		this.mounts = mounts;
	}

	/**
	 * The plan for a request.
	 * @throws ProblemException where there can be none
	 */
	MigrationPlan of(MigrationRequest request) {
		MigrationPlan.Mode mode = MigrationPlan.Mode.of(Objects.requireNonNullElse(request.dryRun(), false),
				Objects.requireNonNullElse(request.cleanup(), false));
		VolumeName name = new VolumeName(required(request.volume(), "volume"));
		Volume volume = this.volumes.find(name)
			.orElseThrow(() -> new ProblemException(ProblemType.NO_SUCH_VOLUME,
					"There is no volume '" + name + "': set holdfast.volumes." + name + " to have one"));
		try {
			if (mode.isCleanup()) {
				volume.requireAvailable();
			}
			else {
				volume.requireWritable();
			}
			return new MigrationPlan(source(required(request.from(), "from"), volume, mode), volume,
					target(name, request.to()), mode, Boundary.around(this.volumes.all(), this.app.dataDir()));
		}
		catch (IOException ex) {
			throw ProblemException.of(ex);
		}
	}

	private static String required(@Nullable String value, String name) {
		if (value == null || value.isBlank()) {
			throw new ProblemException(ProblemType.INVALID_REQUEST, "There is no '" + name
					+ "': send {\"from\": FOLDER, \"volume\": NAME, \"to\": DIRECTORY, \"dryRun\": true or false}");
		}
		return value;
	}

	private static String target(VolumeName volume, @Nullable String to) {
		String target = (to == null) ? "" : to.replaceFirst("/+$", "");
		return target.isEmpty() ? "" : new MediaId(volume, target).path();
	}

	private SourceTree source(String from, Volume target, MigrationPlan.Mode mode) throws IOException {
		Path given;
		try {
			given = Path.of(from);
		}
		catch (InvalidPathException ex) {
			throw new ProblemException(ProblemType.INVALID_REQUEST, "'from' is no path: " + ex.getMessage(), ex);
		}
		if (!given.isAbsolute()) {
			throw new ProblemException(ProblemType.INVALID_REQUEST,
					"'from' is '" + from + "': give the absolute path of the folder, as app-service sees it");
		}
		Path source = real(given.normalize());
		// Before all else, so that what is looked at here is what is migrated.
		SourceTree tree = SourceTree.at(source);
		requireAllowed(source);
		for (Volume volume : this.volumes.all()) {
			// Files may be copied from one volume to another. Removed they are by the API
			// only, with an event.
			if (volume.equals(target) || mode.isCleanup()) {
				requireApart(source, real(volume.root()), "volume '" + volume.name() + "'");
			}
		}
		requireApart(source, real(this.app.dataDir()), "the data directory");
		if (mode.isCleanup()) {
			requireNoVolume(source);
		}
		if (Files.exists(source) && !Files.isDirectory(source)) {
			throw new ProblemException(ProblemType.INVALID_REQUEST,
					source + " is a file: give the folder that it is in");
		}
		return tree;
	}

	private void requireAllowed(Path source) throws IOException {
		boolean allowed = NO_FILES.stream().noneMatch(source::startsWith);
		boolean named = false;
		for (String one : this.settings.sources()) {
			named |= !one.isBlank() && source.startsWith(real(Path.of(one.strip()).toAbsolutePath().normalize()));
		}
		if (!allowed || !named) {
			throw new ProblemException(ProblemType.SOURCE_NOT_ALLOWED, "Nothing may be migrated from " + source
					+ ": add the folder or one above it to holdfast.migrate.sources, and mount it where app-service"
					+ " runs in a container");
		}
	}

	/**
	 * A volume that is mounted here from elsewhere may show another device than the one
	 * that is configured, and one of another app-service is not configured at all. Both
	 * have their marker.
	 */
	private static void requireNoVolume(Path source) {
		for (Path at = source; at != null; at = at.getParent()) {
			if (Files.exists(at.resolve(MediaId.RESERVED), LinkOption.NOFOLLOW_LINKS)) {
				throw new ProblemException(ProblemType.INVALID_REQUEST,
						"The source folder " + source + " lies on a" + " volume: " + at + " has a directory "
								+ MediaId.RESERVED + ". Files of a volume are removed"
								+ " by the API; where it is one no more, remove that directory");
			}
		}
	}

	private void requireApart(Path source, Path other, String what) throws IOException {
		if (SameDirectory.lieInEachOther(source, other, SameDirectory::key)) {
			throw new ProblemException(ProblemType.INVALID_REQUEST, "The source folder " + source + " and " + what
					+ " at " + other + " lie in each other: give a folder apart from it");
		}
		if (this.mounts.table().showTheSame(source, other)) {
			throw new ProblemException(ProblemType.INVALID_REQUEST,
					"The source folder " + source + " and " + what + " at " + other
							+ " lie in each other by a mount: both show the same directory. Give a folder apart from"
							+ " it, or mount less of it");
		}
	}

	/**
	 * The path without symbolic links, as far as it exists.
	 */
	private static Path real(Path path) throws IOException {
		try {
			return path.toRealPath();
		}
		catch (NoSuchFileException ex) {
			Path parent = path.getParent();
			Path name = path.getFileName();
			return (parent != null && name != null) ? real(parent).resolve(name) : path;
		}
	}

}
