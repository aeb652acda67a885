package dev.holdfast.app.migrate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.holdfast.app.RunningApp;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Migrations by the API, and which are refused.
 */
@Timeout(60)
class MigrationHttpTest {

	private final RunningApp app = RunningApp.shared();

	private Path source = Path.of("");

	@BeforeEach
	void makeSource() throws IOException {
		this.source = Files.createDirectories(this.app.sources().resolve(this.app.freshDirectory()));
	}

	private HttpResponse<String> post(Map<String, ?> request) throws IOException, InterruptedException {
		return this.app.send(this.app.request("/api/v1/migrations")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(request))));
	}

	private JsonNode get(String id) throws IOException, InterruptedException {
		return RunningApp.json(this.app.send(this.app.request("/api/v1/migrations/" + id).GET()));
	}

	private JsonNode awaitEnd(String id) {
		return Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.until(() -> get(id), (migration) -> !migration.path("state").asString().equals("running"));
	}

	@Test
	void filesOfAFolderAreMediaFilesThen() throws Exception {
		String to = this.app.freshDirectory();
		Files.writeString(this.source.resolve("a b.txt"), "hello");

		HttpResponse<String> answer = post(Map.of("from", this.source.toString(), "volume", "media", "to", to + "/"));

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		String id = RunningApp.json(answer).path("id").asString();
		assertThat(answer.headers().firstValue("Location")).hasValue("/api/v1/migrations/" + id);
		JsonNode migration = awaitEnd(id);
		assertThat(migration.path("outcomes").path("copied").path("files").asInt()).as("%s", migration).isOne();
		assertThat(migration.path("note").asString()).contains("database are not touched");
		assertThat(this.app.get(to + "/a%20b.txt").body()).isEqualTo("hello");
		assertThat(RunningApp.json(this.app.send(this.app.request("/api/v1/migrations").GET()))
			.path("migrations")
			.valueStream()
			.map((one) -> one.path("id").asString())).contains(id);
	}

	@Test
	void onlyOneAtATimeGoesOnForAVolume() throws Exception {
		Path pipe = this.app.sources().resolve("blocked");
		Files.createDirectories(pipe);
		for (int i = 0; i < 50; i++) {
			Files.writeString(pipe.resolve("f" + i), "x");
		}
		CountDownLatch go = new CountDownLatch(1);
		try (var _ = this.app.faults().before(() -> go.await())) {
			String id = RunningApp
				.json(post(Map.of("from", pipe.toString(), "volume", "other", "to", this.app.freshDirectory())))
				.path("id")
				.asString();
			HttpResponse<String> second = post(Map.of("from", this.source.toString(), "volume", "other"));
			assertThat(second.statusCode()).isEqualTo(409);
			assertThat(second.body()).contains("migration-running", id);
			assertThat(this.app.send(this.app.request("/api/v1/migrations/" + id).DELETE()).statusCode())
				.isEqualTo(202);
			go.countDown();
			JsonNode stopped = awaitEnd(id);
			assertThat(stopped.path("state").asString()).isEqualTo("stopped");
			assertThat(stopped.path("done").path("files").asInt()).isLessThan(50);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "null",
			value = { "$source   | nowhere | null     | 404 | no-such-volume | holdfast.volumes.nowhere",
					"$source   | null    | null     | 400 | invalid-request | no 'volume'",
					"null      | media   | null     | 400 | invalid-request | no 'from'",
					"relative  | media   | null     | 400 | invalid-request | absolute path",
					"$source   | media   | ../up    | 400 | invalid-path | '..'",
					"$source   | media   | /up      | 400 | invalid-path | absolute",
					"$source   | media   | .holdfast/x | 400 | invalid-path | Holdfast",
					"/etc      | media   | null     | 403 | source-not-allowed | holdfast.migrate.sources",
					"/proc/self| media   | null     | 403 | source-not-allowed | holdfast.migrate.sources",
					"$source/../../../../../etc | media | null | 403 | source-not-allowed | /etc",
					"$volume   | media   | null     | 400 | invalid-request | volume 'media'",
					"$top      | media   | null     | 400 | invalid-request | lie in each other",
					"$data/x   | media   | null     | 400 | invalid-request | data directory",
					"$file     | media   | null     | 400 | invalid-request | is a file",
					"$link     | media   | null     | 400 | invalid-request | volume 'media'" })
	void refused(@Nullable String from, @Nullable String volume, @Nullable String to, int status, String type,
			String says) throws Exception {
		Path file = Files.writeString(this.source.resolve("file"), "x");
		Path link = Files.createSymbolicLink(this.source.resolve("link"), this.app.volume());
		Map<String, @Nullable String> request = new HashMap<>();
		if (from != null) {
			request.put("from",
					from.replace("$source", this.source.toString())
						.replace("$volume", this.app.volume().toString())
						.replace("$top", String.valueOf(this.app.volume().getParent()))
						.replace("$data", this.app.volume().resolveSibling("data").toString())
						.replace("$file", file.toString())
						.replace("$link", link.toString()));
		}
		request.put("volume", volume);
		request.put("to", to);

		HttpResponse<String> answer = post(request);

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.body()).contains("/problems/" + type, says);
	}

	@Test
	void filesAreCopiedFromOneVolumeToAnotherAndRemovedByTheApiOnly() throws Exception {
		String from = this.app.freshDirectory();
		String to = this.app.freshDirectory();
		this.app.put(from + "/a", "hello");
		Map<String, Object> request = new HashMap<>(
				Map.of("from", this.app.volume().resolve(from).toString(), "volume", "other", "to", to));
		awaitEnd(RunningApp.json(post(request)).path("id").asString());
		assertThat(this.app.other().resolve(to + "/a")).hasContent("hello");

		request.put("cleanup", true);
		HttpResponse<String> answer = post(request);

		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("lie in each other");
	}

	@Test
	void whatLiesOnAVolumeThatIsNotConfiguredIsNotCleanedUp() throws Exception {
		Files.createDirectory(this.source.resolve(".holdfast"));
		Path below = Files.createDirectory(this.source.resolve("below"));
		for (Path from : List.of(this.source, below)) {
			HttpResponse<String> answer = post(
					Map.of("from", from.toString(), "volume", "media", "cleanup", true, "dryRun", true));

			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
			assertThat(answer.body()).contains("lies on a volume", "removed by the API");
		}
		String copied = RunningApp
			.json(post(Map.of("from", this.source.toString(), "volume", "media", "to", this.app.freshDirectory())))
			.path("id")
			.asString();
		assertThat(awaitEnd(copied).path("state").asString()).as("copied it may be").isEqualTo("done");
	}

	@Test
	void unknownOnesAreSaidToBeForgotten() throws Exception {
		HttpResponse<String> answer = this.app.send(this.app.request("/api/v1/migrations/none").GET());
		assertThat(answer.statusCode()).isEqualTo(404);
		assertThat(answer.body()).contains("no-such-migration", "Begin it again");
	}

	@Test
	void needsTheToken() throws Exception {
		HttpResponse<String> answer = this.app.send(
				HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.app.port() + "/api/v1/migrations")).GET());
		assertThat(answer.statusCode()).isEqualTo(401);
	}

}
