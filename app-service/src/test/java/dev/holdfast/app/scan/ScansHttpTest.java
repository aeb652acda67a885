package dev.holdfast.app.scan;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.holdfast.app.RunningApp;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scans through the API. Kafka is out of reach and was never read, so they wait.
 */
class ScansHttpTest {

	private final RunningApp app = RunningApp.shared();

	@Test
	void aScanIsAcceptedAndShown() throws Exception {
		String name = this.app.freshDirectory();
		Path directory = Files.createDirectories(this.app.volume().resolve(name));
		Files.writeString(directory.resolve("a"), "1");
		HttpResponse<String> answer = post("{\"volume\":\"media\",\"path\":\"" + name + "/\",\"checksum\":true}");
		assertThat(answer.statusCode()).isEqualTo(202);
		JsonNode scan = RunningApp.json(answer).at("/scans/0");
		assertThat(scan.at("/path").asString()).isEqualTo(name);
		assertThat(scan.at("/checksum").asBoolean()).isTrue();
		assertThat(scan.at("/state").asString()).isEqualTo("waiting");

		HttpResponse<String> shown = this.app.send(this.app.request("/api/v1/scans/" + scan.at("/id").asLong()));
		assertThat(RunningApp.json(shown).at("/volume").asString()).isEqualTo("media");
		HttpResponse<String> all = this.app.send(this.app.request("/api/v1/scans"));
		assertThat(RunningApp.json(all).at("/scans").size()).isGreaterThanOrEqualTo(1);
	}

	@Test
	void withoutABodyEveryVolumeIsScanned() throws Exception {
		HttpResponse<String> answer = this.app
			.send(this.app.request("/api/v1/scans").POST(HttpRequest.BodyPublishers.noBody()));
		assertThat(answer.statusCode()).isEqualTo(202);
		assertThat(RunningApp.json(answer).at("/scans").size()).isEqualTo(2);
	}

	@Test
	void whatCannotBeScannedIsAProblem() throws Exception {
		assertProblem(post("{\"volume\":\"nowhere\"}"), 404, "no-such-volume");
		assertProblem(post("{\"volume\":\"No Volume\"}"), 400, "invalid-path");
		assertProblem(post("{\"volume\":\"media\",\"path\":\"../x\"}"), 400, "invalid-path");
		assertProblem(post("{\"path\":\"x\"}"), 400, "invalid-request");
		assertProblem(post("no json"), 400, "invalid-request");
		assertProblem(this.app.send(this.app.request("/api/v1/scans/999999")), 404, "not-found");
		assertProblem(this.app.send(this.app.request("/api/v1/scans/x")), 400, "invalid-request");
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String type) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(RunningApp.json(answer).at("/type").asString()).endsWith("/" + type);
	}

	private HttpResponse<String> post(String body) throws Exception {
		return this.app.send(this.app.request("/api/v1/scans")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)));
	}

}
