package dev.holdfast.worker.source;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import dev.holdfast.model.MediaStored;
import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.source.SourceException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads each volume where it is mounted, and those that are not mounted here from another
 * source, where there is one.
 */
public final class MountedVolumes implements MediaSource {

	private final Map<VolumeName, LocalVolume> mounted = new TreeMap<>();

	private final @Nullable MediaSource others;

	/**
	 * A source.
	 * @param directories the directory that each mounted volume is at
	 * @param others where the other volumes are read, {@code null} where they are not
	 */
	public MountedVolumes(Map<VolumeName, Path> directories, @Nullable MediaSource others) {
		directories.forEach((name, root) -> this.mounted.put(name, new LocalVolume(name, root)));
		this.others = others;
	}

	@Override
	public SourceFile open(MediaStored event) throws SourceException, InterruptedException {
		VolumeName name = event.id().volume();
		LocalVolume volume = this.mounted.get(name);
		return (volume != null) ? volume.open(event) : elsewhere(name).open(event);
	}

	@Override
	public void probe(VolumeName name) throws SourceException, InterruptedException {
		LocalVolume volume = this.mounted.get(name);
		if (volume != null) {
			volume.probe();
		}
		else {
			elsewhere(name).probe(name);
		}
	}

	/**
	 * A volume that nobody has told us of is away, and not a reason to give up its files:
	 * an operator who adds it finds everything waiting.
	 */
	private MediaSource elsewhere(VolumeName name) throws SourceException {
		if (this.others == null) {
			throw new SourceException(Kind.VOLUME_AWAY, name,
					"volume '" + name + "': this worker was not told where it is: set holdfast.volumes." + name
							+ " or holdfast.source.url",
					null);
		}
		return this.others;
	}

}
