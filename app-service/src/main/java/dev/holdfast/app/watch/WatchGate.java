package dev.holdfast.app.watch;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.holdfast.app.scan.StartGate;
import dev.holdfast.model.VolumeName;

import org.springframework.stereotype.Component;

/**
 * Lets a volume be scanned when it is watched and the watcher has asked for the scan of
 * the start, or when it is not going to be watched for now.
 */
@Component
final class WatchGate implements StartGate {

	private final Set<VolumeName> open = ConcurrentHashMap.newKeySet();

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	@Override
	public boolean isOpen(VolumeName volume) {
		return this.open.contains(volume);
	}

	@Override
	public void onOpen(Runnable listener) {
		this.listeners.add(listener);
	}

	void open(VolumeName volume) {
		if (this.open.add(volume)) {
			this.listeners.forEach(Runnable::run);
		}
	}

}
