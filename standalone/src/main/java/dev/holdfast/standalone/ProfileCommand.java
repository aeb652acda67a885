package dev.holdfast.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.holdfast.app.profile.ComposeFile;
import dev.holdfast.app.profile.Profile;
import dev.holdfast.app.profile.ProfileCheck;
import dev.holdfast.app.profile.ProfileException;
import dev.holdfast.app.profile.ProfileReport;
import dev.holdfast.app.profile.Profiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Shows profiles, and what they would do. Needs no running instance and changes nothing.
 */
@Command(name = "profile", description = "Show what profiles there are, and what they would do with a directory.",
		subcommands = { ProfileCommand.All.class, ProfileCommand.Show.class, ProfileCommand.Check.class })
final class ProfileCommand implements Runnable {

	@Spec
	private CommandSpec spec;

	@Override
	public void run() {
		this.spec.commandLine().usage(this.spec.commandLine().getOut());
	}

	private static Profile load(String reference) {
		try {
			return Profiles.load(reference);
		}
		catch (ProfileException ex) {
			throw new HoldfastException(ExitCode.SETTINGS, String.valueOf(ex.getMessage()), ex);
		}
	}

	private static void print(CommandSpec spec, String text) {
		PrintWriter out = spec.commandLine().getOut();
		out.print(text);
		out.flush();
	}

	/** The profiles that come with Holdfast. */
	@Command(name = "list", description = "List the profiles that come with Holdfast.")
	static final class All implements Callable<Integer> {

		@Spec
		private CommandSpec spec;

		@Option(names = "--json", description = "Print JSON.")
		private boolean json;

		@Override
		public Integer call() {
			print(this.spec,
					this.json
							? ProfileJson.text(
									Profiles.BUILT_IN.stream().map(ProfileCommand::load).map(ProfileJson::of).toList())
							: ProfileText.list(Profiles.BUILT_IN.stream().map(ProfileCommand::load).toList()));
			return ExitCode.OK;
		}

	}

	/** One profile with its reasons. */
	@Command(name = "show", description = "Show what a profile protects, skips and advises, each with its reason.")
	static final class Show implements Callable<Integer> {

		@Spec
		private CommandSpec spec;

		@Parameters(paramLabel = "NAME", description = "A profile's name, or the path of its file.")
		private String name;

		@Option(names = "--json", description = "Print JSON.")
		private boolean json;

		@Override
		public Integer call() {
			Profile profile = load(this.name);
			print(this.spec, this.json ? ProfileJson.text(ProfileJson.of(profile)) : ProfileText.show(profile));
			return ExitCode.OK;
		}

	}

	/** What a profile would do with a directory. */
	@Command(name = "check", sortOptions = false,
			description = {
					"Tell what of a directory would be protected, what would be skipped, and why; and which"
							+ " upload folders of the app lie on no volume.",
					"Ends with 9 where something was found that may be lost. Changes nothing." })
	static final class Check implements Callable<Integer> {

		@Spec
		private CommandSpec spec;

		@Parameters(paramLabel = "DIR", description = "The directory of the volume.")
		private Path directory;

		@Option(names = "--profile", paramLabel = "NAME", defaultValue = "generic",
				description = "A profile's name or the path of its file; NAME#ROOT where it has several roots. "
						+ "Default: ${DEFAULT-VALUE}.")
		private String profile;

		@Option(names = "--volume", paramLabel = "NAME", defaultValue = "media",
				description = "The volume that the directory is or is to be. Default: ${DEFAULT-VALUE}.")
		private String volume;

		@Option(names = "--app-root", paramLabel = "DIR",
				description = "Look for upload folders in a checkout of the app, or in the file system of its container.")
		private @Nullable Path appRoot;

		@Option(names = "--compose", paramLabel = "FILE",
				description = "See in the app's compose file which upload folders are on volumes.")
		private @Nullable Path compose;

		@Option(names = "--json", description = "Print JSON.")
		private boolean json;

		@Override
		public Integer call() {
			try {
				Path file = this.compose;
				ComposeFile mounts = (file != null) ? ComposeFile.read(file, System.getenv()) : null;
				ProfileReport report = ProfileCheck.run(this.directory.toAbsolutePath().normalize(),
						Profiles.choose(this.profile, this.volume), this.appRoot, mounts);
				print(this.spec, this.json ? ProfileJson.text(report) : ProfileText.report(report));
				return report.isSomethingUnprotected() ? ExitCode.LEFT_OVER : ExitCode.OK;
			}
			catch (ProfileException ex) {
				throw new HoldfastException(ExitCode.SETTINGS, String.valueOf(ex.getMessage()), ex);
			}
			catch (NotDirectoryException ex) {
				throw new HoldfastException(ExitCode.USAGE,
						"%s is not a directory: give the directory of the volume".formatted(this.directory), ex);
			}
			catch (IOException ex) {
				throw new HoldfastException(ExitCode.FAILED,
						"%s cannot be looked at (%s): run this as a user who may read it".formatted(this.directory, ex),
						ex);
			}
		}

	}

}
