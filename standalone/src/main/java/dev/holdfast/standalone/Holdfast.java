package dev.holdfast.standalone;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/**
 * The command line {@code holdfast}. Results go to standard output; what went wrong goes
 * to standard error, as one line that says what to do.
 */
@Command(name = "holdfast", mixinStandardHelpOptions = true, versionProvider = Holdfast.Version.class,
		synopsisSubcommandLabel = "COMMAND",
		description = "Keeps the uploads of self-hosted web applications: every file becomes an event on Kafka and a replica on S3.",
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:done, or stopped in good order", "1:failed; standard error says why", "2:wrong arguments",
				"3:no JDK 25 or no Maven was found, or the build failed", "4:a port is in use",
				"5:the data directory is not writable", "6:another instance holds the data directory",
				"7:no running instance answers", "8:settings are missing, wrong or contradict each other",
				"9:done, but something is left to look at: a conflict, a missing or damaged file, or uploads that nothing protects" },
		subcommands = { UpCommand.class, StatusCommand.class, ScanCommand.class, DeletesCommand.class,
				PartCommands.Broker.class, PartCommands.S3.class, PartCommands.App.class, PartCommands.Worker.class,
				TrainCommand.class, WorkerCommands.DeadLetters.class, WorkerCommands.Redrive.class,
				WorkerCommands.Replay.class, ProfileCommand.class, VolumeCommand.class, MigrateCommand.class,
				HelpCommand.class })
public final class Holdfast implements Runnable {

	@CommandLine.Spec
	private CommandLine.Model.CommandSpec spec;

	private Holdfast() {
	}

	/**
	 * Runs one command and ends the process with its exit code.
	 */
	public static void main(String[] args) {
		System.exit(commandLine().execute(args));
	}

	static CommandLine commandLine() {
		CommandLine line = new CommandLine(new Holdfast());
		line.setParameterExceptionHandler((wrong, arguments) -> explain(wrong));
		line.setExecutionExceptionHandler((ex, command, parsed) -> explain(ex, command));
		line.getSubcommands().forEach((name, command) -> {
			if (command.getCommand() instanceof PartCommands.SpringBoot) {
				command.setUnmatchedOptionsArePositionalParams(true);
			}
		});
		return line;
	}

	private static int explain(ParameterException wrong) {
		CommandLine command = wrong.getCommandLine();
		command.getErr()
			.println("holdfast: %s; %s --help tells more".formatted(wrong.getMessage(),
					command.getCommandSpec().qualifiedName()));
		command.getErr().flush();
		return ExitCode.USAGE;
	}

	private static int explain(Exception thrown, CommandLine command) {
		HoldfastException known = (thrown instanceof HoldfastException ours) ? ours : StartFailures.explain(thrown);
		command.getErr().println("holdfast: " + known.getMessage());
		if (Boolean.getBoolean("holdfast.trace")) {
			known.printStackTrace(command.getErr());
		}
		command.getErr().flush();
		return known.exitCode();
	}

	@Override
	public void run() {
		this.spec.commandLine().usage(this.spec.commandLine().getOut());
	}

	/** The version of the build. */
	static final class Version implements IVersionProvider {

		@Override
		public String[] getVersion() {
			String version = Holdfast.class.getPackage().getImplementationVersion();
			return new String[] { "holdfast " + ((version != null) ? version : "(not packaged)") };
		}

	}

}
