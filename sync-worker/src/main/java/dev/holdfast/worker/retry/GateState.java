package dev.holdfast.worker.retry;

/** Whether work gets through a gate. */
public enum GateState {

	/** All of it. */
	UP,

	/** None of it. */
	DOWN,

	/** A few, to see whether it works again. */
	TRYING

}
