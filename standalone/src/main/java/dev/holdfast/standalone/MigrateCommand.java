package dev.holdfast.standalone;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;

/**
 * Has app-service bring the files of a folder onto a volume, and tells how far it is.
 */
@Command(name = "migrate", sortOptions = false,
		description = { "Bring the files of a folder onto a volume: copy, compare, keep the source.",
				"A different file of the same name is never overwritten. Run again it goes on where it ended.",
				"Ends with 9 where files were left for you to look at." })
final class MigrateCommand implements Callable<Integer> {

	private static final String MIGRATIONS = "/api/v1/migrations";

	private static final Duration PAUSE = Duration.ofMillis(250);

	private static final int PAUSES_BETWEEN_LINES = 8;

	@Spec
	private CommandSpec spec;

	@Option(names = "--from", paramLabel = "DIR", required = true,
			description = "The folder, as app-service sees it. One that is missing is fine: the target is made.")
	private Path from;

	@Option(names = "--volume", paramLabel = "NAME", required = true, description = "The volume.")
	private String volume;

	@Option(names = "--to", paramLabel = "SUBDIR", description = "The directory on the volume. Default: its root.")
	private @Nullable String to;

	@Option(names = "--dry-run", description = "Change nothing, and tell what would be done.")
	private boolean dryRun;

	@Option(names = "--cleanup",
			description = "Copy nothing, and remove those sources whose copies have the same bytes and are replicated.")
	private boolean cleanup;

	@Option(names = "--json", description = "Print the API's answer as it is.")
	private boolean json;

	@Option(names = "--data", paramLabel = "DIR", description = "Data directory of the instance, as given to up.")
	private @Nullable Path data;

	@Override
	public Integer call() throws InterruptedException {
		ApiClient client = ApiClient.of(this.data, Environment.ofProcess());
		Map<String, Object> request = new LinkedHashMap<>();
		request.put("from", this.from.toAbsolutePath().normalize().toString());
		request.put("volume", this.volume);
		request.put("to", (this.to != null) ? this.to : "");
		request.put("dryRun", this.dryRun);
		request.put("cleanup", this.cleanup);
		String path = MIGRATIONS + "/"
				+ client.post(MIGRATIONS, request).orFail().tree().path("id").asString("unknown");
		ApiClient.Answer answer = awaitEnd(client, path);
		JsonNode migration = answer.tree();
		PrintWriter out = this.spec.commandLine().getOut();
		out.print(this.json ? answer.json() + "\n" : MigrationText.of(migration));
		out.flush();
		String state = migration.path("state").asString("");
		if (!state.equals("done")) {
			throw new HoldfastException(ExitCode.FAILED, "The migration %s (%s): run it again, it goes on"
				.formatted(state, migration.path("reason").asString("it was told to stop")));
		}
		return (migration.path("left").asLong(0) > 0) ? ExitCode.LEFT_OVER : ExitCode.OK;
	}

	private ApiClient.Answer awaitEnd(ApiClient client, String path) throws InterruptedException {
		Thread hook = new Thread(() -> client.delete(path), "stop-migration");
		Runtime.getRuntime().addShutdownHook(hook);
		try {
			for (int i = 1; true; i++) {
				ApiClient.Answer answer = client.get(path).orFail();
				if (!answer.tree().path("state").asString("").equals("running")) {
					return answer;
				}
				if (!this.json && i % PAUSES_BETWEEN_LINES == 0) {
					PrintWriter err = this.spec.commandLine().getErr();
					err.println(MigrationText.progress(answer.tree()));
					err.flush();
				}
				Thread.sleep(PAUSE);
			}
		}
		finally {
			removeHook(hook);
		}
	}

	private static void removeHook(Thread hook) {
		try {
			Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			// It runs already: the person has pressed Ctrl-C.
			return;
		}
	}

}
