package dev.holdfast.standalone;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Tells what is replicated and what waits, of everything or of one file.
 */
@Command(name = "status", sortOptions = false,
		description = { "Show what is replicated and what waits, of everything, of one volume or of one file.",
				"Asks the instance of the data directory, or the one that HOLDFAST_URL and HOLDFAST_API_TOKEN name." })
final class StatusCommand implements Callable<Integer> {

	@Spec
	private CommandSpec spec;

	@Parameters(arity = "0..1", paramLabel = "PATH", description = "A file on a volume, for example base/logo.png.")
	private @Nullable String path;

	@Option(names = "--volume", paramLabel = "NAME",
			description = "Only this volume; with PATH, the volume of that file. Default: all; of a file, media.")
	private @Nullable String volume;

	@Option(names = "--json", description = "Print the API's answer as it is.")
	private boolean json;

	@Option(names = "--data", paramLabel = "DIR", description = "Data directory of the instance, as given to up.")
	private @Nullable Path data;

	@Override
	public Integer call() {
		ApiClient client = ApiClient.of(this.data, Environment.ofProcess());
		ApiClient.Answer answer = (this.path != null)
				? client.status((this.volume != null) ? this.volume : "media", this.path)
				: (this.volume != null) ? client.statusOfVolume(this.volume) : client.status();
		answer.orFail();
		PrintWriter out = this.spec.commandLine().getOut();
		if (this.json) {
			out.println(answer.json());
		}
		else if (this.path != null) {
			out.print(StatusText.file(answer.tree()));
		}
		else {
			out.print(StatusText.totals(answer.tree()));
		}
		out.flush();
		return ExitCode.OK;
	}

}
