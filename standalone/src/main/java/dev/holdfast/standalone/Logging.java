package dev.holdfast.standalone;

import java.io.IOException;
import java.nio.file.Path;

import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends the log of all parts to one file, and what a person has to know to the terminal,
 * too. To be called before anything logs.
 */
final class Logging {

	private Logging() {
	}

	static void toFile(Path file) {
		try {
			OwnerOnly.createDirectories(file.resolveSibling("").toAbsolutePath());
		}
		catch (IOException ex) {
			throw new HoldfastException(ExitCode.NOT_WRITABLE,
					"Log directory of %s cannot be created (%s): make the data directory writable".formatted(file, ex),
					ex);
		}
		System.setProperty("holdfast.log", file.toString());
		System.setProperty("logback.configurationFile", "dev/holdfast/standalone/logback-up.xml");
		// The two services would each set up logging for the whole process.
		System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
		SLF4JBridgeHandler.removeHandlersForRootLogger();
		SLF4JBridgeHandler.install();
	}

}
