package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.model.MediaId;
import org.jspecify.annotations.Nullable;

/**
 * The directories that a migration does not go into when it meets them below its source:
 * a volume, the data directory, and where the copies are put. The path does not tell,
 * because the same directory may be mounted at several. Copies that are met as sources
 * are copied again without end, and a cleanup takes the volume's own files for sources.
 */
final class Boundary {

	/** By device and inode. */
	private final Map<Object, String> own;

	private Boundary(Map<Object, String> own) {
		this.own = own;
	}

	/**
	 * The boundary around what this app-service has.
	 * @throws IOException where it cannot be told which directories these are
	 */
	static Boundary around(Collection<Volume> volumes, Path dataDirectory) throws IOException {
		Map<Object, String> own = new HashMap<>();
		SameDirectory.key(dataDirectory).ifPresent((key) -> own.put(key, "the data directory"));
		for (Volume volume : volumes) {
			if (volume.state() instanceof VolumeState.NotAvailable) {
				// It may not answer, and where it is met its marker tells.
				continue;
			}
			SameDirectory.key(volume.root()).ifPresent((key) -> own.put(key, "volume '" + volume.name() + "'"));
		}
		return new Boundary(Map.copyOf(own));
	}

	/**
	 * Why a directory is not gone into.
	 * @param path its path below the source folder, or the empty string for the source
	 * folder itself, which was looked at when it was asked for
	 * @param key its device and inode
	 * @return for a person; empty where it is gone into
	 * @throws IOException where the volume does not answer
	 */
	Optional<String> reasonAgainst(MigrationPlan plan, String path, @Nullable Object key) throws IOException {
		if (path.isEmpty()) {
			return Optional.empty();
		}
		String what = (key != null) ? this.own.get(key) : null;
		if (what != null) {
			return Optional.of("is " + what + ", under another path: nothing below it is a source");
		}
		Path directory = plan.from().resolve(path);
		if (Files.exists(directory.resolve(MediaId.RESERVED), LinkOption.NOFOLLOW_LINKS)) {
			return Optional.of("is a volume, because it has a directory " + MediaId.RESERVED
					+ ": migrate from it alone, or remove that directory where it is one no more");
		}
		for (Path target : targets(plan, path)) {
			if (key != null && SameDirectory.key(target).filter(key::equals).isPresent()) {
				return Optional.of("is " + target + " of volume '" + plan.volume().name()
						+ "', under another path: nothing below it is a source");
			}
		}
		return Optional.empty();
	}

	/**
	 * The directories on the volume from its root to the one that a path is copied to, as
	 * far as they are there. Whatever is copied without end comes through one of these.
	 */
	private static List<Path> targets(MigrationPlan plan, String path) {
		List<Path> targets = new ArrayList<>();
		Path target = plan.volume().root();
		for (Path name : Path.of(plan.targetOf(path))) {
			target = target.resolve(name);
			if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
				break;
			}
			targets.add(target);
		}
		return targets;
	}

}
