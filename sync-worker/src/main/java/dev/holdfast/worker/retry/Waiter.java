package dev.holdfast.worker.retry;

/**
 * Work that may have to wait at a gate.
 */
public interface Waiter {

	/**
	 * It has to wait; called within {@link OutageGate#enter}.
	 */
	void parked();

	/**
	 * It may try to enter again.
	 * @return whether it still wants to
	 */
	boolean released();

	/**
	 * Whether it wants nothing any more, so that nobody need keep it.
	 */
	boolean hasEnded();

}
