package dev.holdfast.it.harness;

import java.time.Duration;

/**
 * A process of Holdfast's that a test starts and breaks. Started again it has the same
 * port and the same data.
 */
public interface Part extends AutoCloseable {

	/** How long a part may take to come up on a machine that is busy with others. */
	Duration STARTS_WITHIN = Duration.ofMinutes(4);

	/**
	 * What it is called in logs and messages.
	 */
	String name();

	/**
	 * Starts the process and returns at once.
	 */
	void start();

	/**
	 * Waits until the part can do its work.
	 * @throws AssertionError where it exits instead, or takes too long
	 */
	void awaitReady();

	/**
	 * SIGKILL, and waits until the process is gone. No effect where it is not running.
	 */
	void kill();

	/**
	 * SIGTERM, and waits until the process is gone.
	 * @return its exit status
	 */
	int terminate();

	/**
	 * SIGSTOP: it keeps its connections and answers nothing.
	 */
	void freeze();

	/**
	 * SIGCONT.
	 */
	void thaw();

	/**
	 * Whether its process runs.
	 */
	boolean isAlive();

	/**
	 * All that it has printed, over all of its lives.
	 */
	String log();

	/**
	 * Kills it where it still runs.
	 */
	@Override
	default void close() {
		kill();
	}

	/**
	 * Starts the part and waits until it can do its work.
	 */
	default void up() {
		start();
		awaitReady();
	}

}
