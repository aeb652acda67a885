package dev.holdfast.worker.cli;

import java.util.Iterator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import org.slf4j.LoggerFactory;

/**
 * The log of a command. What a command prints is for people and scripts: it says itself
 * what went wrong, and standard output is for its result alone.
 */
final class CommandLog {

	private CommandLog() {
	}

	/** To be called before anything logs. */
	static void quieten() {
		if (!(LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root)) {
			return;
		}
		root.setLevel(Level.ERROR);
		for (Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders(); appenders.hasNext();) {
			if (appenders.next() instanceof ConsoleAppender<ILoggingEvent> console) {
				console.stop();
				console.setTarget(ConsoleTarget.SystemErr.getName());
				console.start();
			}
		}
	}

}
