package dev.holdfast.standalone;

/**
 * How the command line ends. Documented in {@code --help} and part of its contract.
 */
final class ExitCode {

	/** Done, or stopped in good order. */
	static final int OK = 0;

	/** Failed for a reason without a code of its own. */
	static final int FAILED = 1;

	/** Wrong arguments. Picocli's own. */
	static final int USAGE = 2;

	// 3 belongs to the launcher script: no JDK or Maven, or the build failed.

	/** A port is in use. */
	static final int PORT_IN_USE = 4;

	/** The data directory cannot be created or written to. */
	static final int NOT_WRITABLE = 5;

	/** Another instance holds the data directory. */
	static final int ALREADY_RUNNING = 6;

	/** No running instance answers. */
	static final int NOT_RUNNING = 7;

	/** Settings are missing, wrong, or contradict each other. */
	static final int SETTINGS = 8;

	/** Done, and something was found or left that a person has to look at. */
	static final int LEFT_OVER = 9;

	private ExitCode() {
	}

}
