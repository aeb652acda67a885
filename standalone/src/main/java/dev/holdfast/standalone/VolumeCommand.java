package dev.holdfast.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.holdfast.app.volume.VolumeMarks;
import dev.holdfast.model.VolumeName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Prepares directories to be volumes.
 */
@Command(name = "volume", description = "Prepare a directory to be a volume.",
		subcommands = VolumeCommand.MarkDirectory.class)
final class VolumeCommand implements Runnable {

	@Spec
	private CommandSpec spec;

	@Override
	public void run() {
		this.spec.commandLine().usage(this.spec.commandLine().getOut());
	}

	/** Makes the marker file. */
	@Command(name = "mark", sortOptions = false,
			description = { "Make the marker file of a volume that Holdfast will see read-only.",
					"The marker proves that the directory is the volume and not an empty mount point. Where the"
							+ " directory is writable, Holdfast makes it itself." })
	static final class MarkDirectory implements Callable<Integer> {

		@Spec
		private CommandSpec spec;

		@Parameters(paramLabel = "DIR", description = "The directory.")
		private Path directory;

		@Option(names = "--name", paramLabel = "NAME", required = true, description = "The volume's name.")
		private String name;

		@Override
		public Integer call() {
			Path root = this.directory.toAbsolutePath().normalize();
			try {
				VolumeMarks.Mark mark = VolumeMarks.mark(root, new VolumeName(this.name));
				PrintWriter out = this.spec.commandLine().getOut();
				out.println(mark.made() ? "%s is volume %s now: marked by %s".formatted(root, this.name, mark.file())
						: "%s is volume %s already".formatted(root, this.name));
				out.flush();
				return ExitCode.OK;
			}
			catch (IllegalArgumentException ex) {
				throw new HoldfastException(ExitCode.USAGE, "--name: " + ex.getMessage(), ex);
			}
			catch (FileSystemException ex) {
				throw new HoldfastException(ExitCode.FAILED, "%s %s".formatted(ex.getFile(), (ex.getReason() != null)
						? ex.getReason() : "cannot be written to: run this as a user who may, on the host"), ex);
			}
			catch (IOException ex) {
				throw new HoldfastException(ExitCode.FAILED, "%s cannot be marked: %s".formatted(root, ex.getMessage()),
						ex);
			}
		}

	}

}
