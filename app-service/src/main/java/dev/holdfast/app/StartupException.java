package dev.holdfast.app;

/**
 * app-service cannot start and a person has to do something about it. Shown as two
 * sentences, without a stack trace.
 */
public final class StartupException extends RuntimeException {

	private final String remedy;

	/**
	 * An exception for a person.
	 * @param problem what is wrong, naming the object
	 * @param remedy what to do about it
	 */
	public StartupException(String problem, String remedy) {
		super(problem);
		this.remedy = remedy;
	}

	/**
	 * An exception for a person, with what caused it.
	 * @param problem what is wrong, naming the object
	 * @param remedy what to do about it
	 * @param cause what was met
	 */
	public StartupException(String problem, String remedy, Throwable cause) {
		super(problem, cause);
		this.remedy = remedy;
	}

	/**
	 * What to do about it.
	 */
	public String remedy() {
		return this.remedy;
	}

}
