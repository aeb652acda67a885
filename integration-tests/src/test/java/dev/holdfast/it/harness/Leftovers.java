package dev.holdfast.it.harness;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kills what a test run that was itself ended has left behind: only processes started
 * here, by their handles.
 */
final class Leftovers {

	private static final Set<ProcessHandle> STARTED = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach((started) -> {
			started.descendants().forEach(ProcessHandle::destroyForcibly);
			started.destroyForcibly();
		}), "leftovers"));
	}

	private Leftovers() {
	}

	static void add(ProcessHandle process) {
		STARTED.removeIf((started) -> !started.isAlive());
		STARTED.add(process);
	}

}
