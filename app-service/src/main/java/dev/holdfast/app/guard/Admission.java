package dev.holdfast.app.guard;

/**
 * Whether a change may be recorded now.
 */
public enum Admission {

	/** It may. */
	ADMITTED,

	/** It waits until a person has looked at it: nothing is to be recorded. */
	HELD

}
