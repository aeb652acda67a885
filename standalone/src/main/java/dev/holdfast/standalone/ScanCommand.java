package dev.holdfast.standalone;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has volumes scanned.
 */
@Command(name = "scan", sortOptions = false, description = {
		"Compare volumes with what is known, and publish what differs.",
		"Only what differs is read. Nothing is ever deleted by a scan: what is absent is shown as missing.",
		"With --follow it ends with 9 where files are damaged, missing, unreadable, held or without a usable name." })
final class ScanCommand implements Callable<Integer> {

	private static final Duration PAUSE = Duration.ofMillis(500);

	private static final JsonMapper JSON = new JsonMapper();

	@Spec
	private CommandSpec spec;

	@Option(names = "--volume", paramLabel = "NAME", description = "The volume. Default: all.")
	private @Nullable String volume;

	@Option(names = "--path", paramLabel = "SUBTREE", description = "A directory on the volume. Default: all of it.")
	private @Nullable String path;

	@Option(names = "--checksum",
			description = "Read every file and compare its digest: finds files whose bytes have changed by themselves.")
	private boolean checksum;

	@Option(names = "--follow", description = "Wait until it is over, and show how far it is.")
	private boolean follow;

	@Option(names = "--json", description = "Print the API's answer as it is; with --follow, the last one.")
	private boolean json;

	@Option(names = "--data", paramLabel = "DIR", description = "Data directory of the instance, as given to up.")
	private @Nullable Path data;

	@Override
	public Integer call() throws InterruptedException {
		ApiClient client = ApiClient.of(this.data, Environment.ofProcess());
		Map<String, Object> request = new LinkedHashMap<>();
		if (this.volume != null) {
			request.put("volume", this.volume);
		}
		if (this.path != null) {
			request.put("path", this.path);
		}
		request.put("checksum", this.checksum);
		ApiClient.Answer asked = client.post("/api/v1/scans", request).orFail();
		PrintWriter out = this.spec.commandLine().getOut();
		if (!this.follow) {
			out.print(this.json ? asked.json() + "\n" : ScanText.asked(asked.tree()));
			out.flush();
			return ExitCode.OK;
		}
		return follow(client, asked.tree(), out);
	}

	private int follow(ApiClient client, JsonNode asked, PrintWriter out) throws InterruptedException {
		List<JsonNode> over = new ArrayList<>();
		for (JsonNode scan : asked.path("scans")) {
			over.add(follow(client, scan.path("id").asLong(0)));
		}
		if (this.json) {
			out.println(JSON.writeValueAsString(Map.of("scans", over)));
		}
		else {
			over.forEach((scan) -> out.print(ScanText.over(scan)));
		}
		out.flush();
		if (!over.stream().allMatch((scan) -> scan.path("state").asString("").equals("done"))) {
			return ExitCode.FAILED;
		}
		return over.stream().anyMatch(ScanText::asksForAPerson) ? ExitCode.LEFT_OVER : ExitCode.OK;
	}

	/**
	 * Progress goes to standard error, so that the result can be read by a program.
	 */
	private JsonNode follow(ApiClient client, long id) throws InterruptedException {
		PrintWriter err = this.spec.commandLine().getErr();
		String shown = "";
		while (true) {
			JsonNode scan = client.get("/api/v1/scans/" + id).orFail().tree();
			String state = scan.path("state").asString("");
			if (state.equals("done") || state.equals("failed")) {
				return scan;
			}
			String now = ScanText.progress(scan);
			if (!now.equals(shown)) {
				err.println(now);
				err.flush();
				shown = now;
			}
			Thread.sleep(PAUSE);
		}
	}

}
