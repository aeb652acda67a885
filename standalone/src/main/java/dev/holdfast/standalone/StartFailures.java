package dev.holdfast.standalone;

import dev.holdfast.broker.BrokerStartException;
import dev.holdfast.s3endpoint.S3EndpointException;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;

/**
 * Turns what kept a part from starting into the one line for the person.
 */
final class StartFailures {

	private StartFailures() {
	}

	static HoldfastException explain(Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			switch (cause) {
				case HoldfastException known -> {
					return known;
				}
				case PortInUseException inUse -> {
					return portInUse(inUse.getPort());
				}
				case BrokerStartException broker -> {
					return new HoldfastException(exitCode(broker), message(broker), thrown);
				}
				case S3EndpointException endpoint -> {
					return new HoldfastException(ExitCode.FAILED, message(endpoint), thrown);
				}
				case BindException bind -> {
					return new HoldfastException(ExitCode.SETTINGS,
							"Settings below %s are not usable: %s".formatted(bind.getName(), rootMessage(bind)),
							thrown);
				}
				default -> {
					// Look at what caused it.
				}
			}
		}
		return new HoldfastException(ExitCode.FAILED, "Holdfast did not start: " + rootMessage(thrown), thrown);
	}

	static HoldfastException portInUse(int port) {
		return new HoldfastException(ExitCode.PORT_IN_USE,
				"Port %d is in use: stop what listens there, or choose another with --port".formatted(port));
	}

	private static int exitCode(BrokerStartException broker) {
		return switch (broker.reason()) {
			case PORT_IN_USE -> ExitCode.PORT_IN_USE;
			case DIRECTORY_IN_USE -> ExitCode.ALREADY_RUNNING;
			case DIRECTORY_NOT_WRITABLE -> ExitCode.NOT_WRITABLE;
			case FAILED -> ExitCode.FAILED;
		};
	}

	private static String rootMessage(Throwable thrown) {
		Throwable root = thrown;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return message(root);
	}

	private static String message(Throwable thrown) {
		String message = thrown.getMessage();
		return (message != null) ? message.lines().findFirst().orElse("") : thrown.toString();
	}

}
