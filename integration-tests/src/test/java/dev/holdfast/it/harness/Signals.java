package dev.holdfast.it.harness;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Signals for which Java has no method.
 */
final class Signals {

	private Signals() {
	}

	static void send(String signal, long pid) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start();
			if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
				throw new AssertionError("Could not send SIG" + signal + " to process " + pid);
			}
		}
		catch (IOException ex) {
			throw new AssertionError("Could not send SIG" + signal + " to process " + pid, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while sending SIG" + signal + " to process " + pid, ex);
		}
	}

}
