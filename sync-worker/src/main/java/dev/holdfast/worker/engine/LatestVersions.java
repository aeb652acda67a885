package dev.holdfast.worker.engine;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.Version;

/**
 * The latest version of each file that has gone by lately. An event that fails while a
 * later one of its file has already been seen is superseded and not a failure: a file
 * that was uploaded and deleted again would otherwise end as a dead letter. Bounded, and
 * so only a help: what it has forgotten is tried as before.
 */
final class LatestVersions {

	private static final int MOST = 50_000;

	private final Map<MediaId, Version> latest = new LinkedHashMap<>() {
		@Override
		protected boolean removeEldestEntry(Map.Entry<MediaId, Version> eldest) {
			return size() > MOST;
		}
	};

	synchronized void seen(MediaId id, Version version) {
		Version known = this.latest.remove(id);
		this.latest.put(id, (known != null && known.isAfter(version)) ? known : version);
	}

	synchronized boolean isOvertaken(MediaId id, Version version) {
		Version known = this.latest.get(id);
		return known != null && known.isAfter(version);
	}

}
