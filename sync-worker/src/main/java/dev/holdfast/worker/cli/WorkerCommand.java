package dev.holdfast.worker.cli;

import java.util.Set;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The worker's command line.
 */
@Command(name = "sync-worker", mixinStandardHelpOptions = true,
		subcommands = { DeadLettersCommand.class, RedriveCommand.class, ReplayCommand.class },
		description = "Replicates media files to a store. Without a command it runs until it is stopped.")
public final class WorkerCommand {

	private static final Set<String> HELP = Set.of("--help", "-h");

	/**
	 * Whether an argument asks for a command rather than for the worker.
	 */
	public static boolean isCommand(String argument) {
		return HELP.contains(argument) || commandLine().getSubcommands().containsKey(argument);
	}

	/**
	 * Runs a command.
	 * @return its exit code
	 */
	public static int run(String... arguments) {
		return commandLine().execute(arguments);
	}

	/**
	 * The command line, for those who want its output elsewhere.
	 */
	public static CommandLine commandLine() {
		return new CommandLine(new WorkerCommand());
	}

}
