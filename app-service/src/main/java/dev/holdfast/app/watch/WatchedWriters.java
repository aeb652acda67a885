package dev.holdfast.app.watch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.holdfast.app.scan.UnclosedFiles;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;

import org.springframework.stereotype.Component;

/**
 * What the watchers know of files that are not closed. It is there before they are, as
 * they need the scans, and the scans need this.
 */
@Component
final class WatchedWriters implements UnclosedFiles {

	private final Map<VolumeName, Predicate<MediaId>> watchers = new ConcurrentHashMap<>();

	@Override
	public boolean isLeftToItsWriter(MediaId id) {
		return this.watchers.getOrDefault(id.volume(), (_) -> false).test(id);
	}

	void ask(VolumeName volume, Predicate<MediaId> watcher) {
		this.watchers.put(volume, watcher);
	}

}
