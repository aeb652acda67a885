package dev.holdfast.app.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.holdfast.app.linux.LinuxException;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topmost directories that could not be watched or listed, and why. Used by one
 * thread, but for {@link #trouble()}.
 */
final class Unwatched {

	private static final Logger LOG = LoggerFactory.getLogger(Unwatched.class);

	private static final String NO_MORE = "There are no more watches: raise fs.inotify.max_user_watches (sysctl) above"
			+ " the number of directories; until then the directories without one are looked at again and again";

	private final VolumeName volume;

	private final Map<String, LinuxException> byPath = new TreeMap<>();

	private final List<String> lost = new ArrayList<>();

	private volatile @Nullable String trouble;

	Unwatched(VolumeName volume) {
		this.volume = volume;
	}

	/**
	 * A directory could not be watched or listed.
	 */
	void add(String path, LinuxException met) {
		if (this.byPath.put(path, met) != null) {
			return;
		}
		this.lost.add(path);
		if (!met.isOutOfWatches()) {
			LOG.atWarn()
				.addKeyValue("media", this.volume + "/" + path)
				.addKeyValue("reason", met.getMessage())
				.log("Directory not watched: let the user that runs Holdfast read it");
		}
		else if (!NO_MORE.equals(this.trouble)) {
			LOG.atWarn().addKeyValue("volume", this.volume).addKeyValue("first", path).log("{}", NO_MORE);
		}
		if (this.trouble == null || met.isOutOfWatches()) {
			this.trouble = describe(path, met);
		}
	}

	/**
	 * A directory is watched and listed, or is no more.
	 * @return whether it was not before
	 */
	boolean remove(String path) {
		boolean removed = this.byPath.remove(path) != null;
		if (removed && this.byPath.isEmpty()) {
			this.trouble = null;
		}
		return removed;
	}

	boolean isEmpty() {
		return this.byPath.isEmpty();
	}

	boolean contains(String path) {
		return this.byPath.containsKey(path);
	}

	List<String> paths() {
		return List.copyOf(this.byPath.keySet());
	}

	/**
	 * Those that have come to this since the last time.
	 */
	List<String> takeLost() {
		List<String> taken = List.copyOf(this.lost);
		this.lost.clear();
		return taken;
	}

	/**
	 * Those so far need not be told of, because they are scanned anyway.
	 */
	void begin() {
		this.lost.clear();
	}

	/**
	 * All have been tried again.
	 */
	void tried() {
		this.lost.clear();
		if (this.byPath.isEmpty()) {
			LOG.atInfo().addKeyValue("volume", this.volume).log("Every directory is watched again");
		}
		this.trouble = this.byPath.entrySet()
			.stream()
			.sorted(Comparator.comparing((unwatched) -> !unwatched.getValue().isOutOfWatches()))
			.findFirst()
			.map((first) -> describe(first.getKey(), first.getValue()))
			.orElse(null);
	}

	/**
	 * Why not every directory is watched; {@code null} where each is.
	 */
	@Nullable String trouble() {
		return this.trouble;
	}

	private static String describe(String path, LinuxException met) {
		return met.isOutOfWatches() ? NO_MORE
				: "Not every directory is watched, these are looked at again and again; the first is '" + path + "', "
						+ met.getMessage() + ": let the user that runs Holdfast read it";
	}

}
