package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What Linux tells of processes under {@code /proc}. The JDK tells the CPU time of a
 * running process only, and no memory.
 */
final class ProcFs {

	/**
	 * The unit of times in {@code /proc/PID/stat}: USER_HZ, which is 100 on every
	 * platform a JDK 25 exists for.
	 */
	private static final long TICK_MILLIS = 10;

	private static final int USER_TIME = 11;

	private static final int CHILDREN_USER_TIME = 13;

	private ProcFs() {
	}

	/**
	 * The CPU time a running process has used so far, without its children.
	 */
	static Duration cpu(long pid) {
		return times(Path.of("/proc/" + pid + "/stat"), USER_TIME);
	}

	/**
	 * The CPU time of all children of this process that have ended: the only place where
	 * that of a short-lived one can be read exactly.
	 */
	static Duration cpuOfEndedChildren() {
		return times(Path.of("/proc/self/stat"), CHILDREN_USER_TIME);
	}

	/**
	 * The memory a running process has resident, in bytes.
	 */
	static long residentBytes(long pid) {
		return memory(pid, "VmRSS:");
	}

	/**
	 * The most memory a running process has had resident, in bytes.
	 */
	static long peakResidentBytes(long pid) {
		return memory(pid, "VmHWM:");
	}

	private static long memory(long pid, String line) {
		try {
			return Files.readAllLines(Path.of("/proc/" + pid + "/status"))
				.stream()
				.filter((found) -> found.startsWith(line))
				.mapToLong((found) -> Long.parseLong(found.replaceAll("\\D", "")) * 1024)
				.findFirst()
				.orElse(0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("read the memory of process " + pid + ": is it still running?", ex);
		}
	}

	/**
	 * Two neighbouring fields, user and system time. The second field, the program's
	 * name, may hold spaces and ends with the last parenthesis.
	 */
	private static Duration times(Path stat, int field) {
		try {
			String line = Files.readString(stat);
			String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
			return Duration.ofMillis((Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) * TICK_MILLIS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("read the CPU time in " + stat + ": is the process still running?", ex);
		}
	}

}
