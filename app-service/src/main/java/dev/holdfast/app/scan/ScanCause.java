package dev.holdfast.app.scan;

/**
 * Why a scan is made.
 */
public enum ScanCause {

	/** app-service has started, or the volume has come back. */
	START,

	/** Its time has come. */
	PERIODIC,

	/** A person or a program asked for it. */
	REQUEST,

	/** The watcher may have missed something. */
	GAP,

	/** The watcher cannot be told of changes and looks for itself. */
	POLL

}
