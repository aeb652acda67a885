package dev.holdfast.bench;

import java.time.Duration;

/**
 * What a piece of work took.
 *
 * @param wall from its start to its end
 * @param cpu of the client alone, not of the server
 */
record Usage(Duration wall, Duration cpu) {

	double wallSeconds() {
		return this.wall.toNanos() / 1e9;
	}

	double cpuSeconds() {
		return this.cpu.toNanos() / 1e9;
	}

}
