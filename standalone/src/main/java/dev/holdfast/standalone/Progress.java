package dev.holdfast.standalone;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Tells a person what is being started and how long it took.
 */
final class Progress {

	private final PrintWriter out;

	Progress(PrintWriter out) {
		this.out = out;
	}

	/**
	 * Does one step and prints a line when it is done. Steps may overlap.
	 */
	<T> T step(String name, Callable<T> step) throws Exception {
		long started = System.nanoTime();
		T result = step.call();
		say(String.format(Locale.ROOT, "  %-14s ready after %.1f s", name, (System.nanoTime() - started) / 1e9));
		return result;
	}

	synchronized void say(String line) {
		this.out.println(line);
		this.out.flush();
	}

}
