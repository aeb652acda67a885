package dev.holdfast.it.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code holdfast} command, as a person at a terminal uses it on an instance.
 */
public final class Cli {

	private final Api api;

	private final Path directory;

	/**
	 * A command line that speaks to an instance.
	 * @param directory where the commands run
	 */
	public Cli(Api api, Path directory) {
		this.api = api;
		this.directory = directory;
	}

	/**
	 * What a command has printed, on both streams, and its exit status.
	 *
	 * @param code the exit status
	 * @param text all that it has printed
	 */
	public record Said(int code, String text) {

		/**
		 * The text of a command with {@code --json}.
		 */
		public JsonNode json() {
			return JsonMapper.shared().readTree(this.text);
		}

	}

	/**
	 * Runs a command to its end.
	 */
	public Said run(String... arguments) {
		ProcessPart part = command(arguments);
		part.start();
		int code = part.awaitExit();
		return new Said(code, part.log().substring(part.log().indexOf('\n') + 1));
	}

	/**
	 * A command that is not running yet.
	 */
	public ProcessPart command(String... arguments) {
		return new ProcessPart(arguments[0] + "-" + System.nanoTime(),
				Distribution.command("dev.holdfast.standalone.Holdfast", List.of(arguments)),
				Map.of("HOLDFAST_URL", this.api.base().toString(), "HOLDFAST_API_TOKEN", this.api.token()),
				this.directory, () -> true);
	}

}
