package dev.holdfast.worker.retry;

/**
 * Asks whether something is there.
 */
@FunctionalInterface
public interface Probe {

	/**
	 * Returns where it is there.
	 * @throws Exception where it is not; the message says why
	 */
	void run() throws Exception;

}
