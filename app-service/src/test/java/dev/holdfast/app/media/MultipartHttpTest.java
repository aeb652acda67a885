package dev.holdfast.app.media;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import dev.holdfast.app.RawClient;
import dev.holdfast.app.RunningApp;
import dev.holdfast.model.Digest;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Uploads of several files by POST.
 */
class MultipartHttpTest {

	private static final String TYPE = "multipart/form-data; boundary=limit";

	private final RunningApp app = RunningApp.shared();

	private final String dir = this.app.freshDirectory();

	private final Path base = this.app.volume().resolve(this.dir);

	private static String part(String disposition, String content) {
		return "--limit\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
	}

	private static String file(String name, String content) {
		return part("name=\"f\"; filename=\"" + name + "\"", content);
	}

	private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
		HttpRequest.Builder request = this.app.request("/api/v1/media/media/" + path).header("Content-Type", TYPE);
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return this.app.send(request.POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8)));
	}

	private void assertNothingStored() {
		await().until(() -> this.app.staged().isEmpty());
		assertThat(this.base).doesNotExist();
	}

	@Test
	void storesEachFileInTheDirectory() throws Exception {
		String body = file("one.png", "1") + part("name=\"field\"", "ignored") + file("zwei ü.txt", "22")
				+ "--limit\r\nContent-Disposition: form-data; name=\"f\"; filename=\"typed\"\r\n"
				+ "Content-Type: application/pdf\r\n\r\n\r\n--limit--\r\n";
		HttpResponse<String> response = post(this.dir + "/deep/", body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		JsonNode files = RunningApp.json(response);
		assertThat(files.valueStream().map((one) -> one.path("path").stringValue()))
			.containsExactly(this.dir + "/deep/one.png", this.dir + "/deep/zwei ü.txt", this.dir + "/deep/typed");
		assertThat(files.valueStream().map((one) -> one.path("contentType").stringValue())).containsExactly("image/png",
				"text/plain", "application/pdf");
		assertThat(this.base.resolve("deep/one.png")).hasContent("1");
		assertThat(this.base.resolve("deep/zwei ü.txt")).hasContent("22");
		assertThat(this.base.resolve("deep/typed")).isEmptyFile();
		assertThat(post(this.dir + "/deep", body).statusCode()).isEqualTo(200);
		assertThat(this.app.staged()).isEmpty();
	}

	@Test
	void takesContentThatLooksLikeABoundary() throws Exception {
		String content = "--limi\r\n--limixt\r\n-\r\n".repeat(20_000);
		assertThat(post(this.dir, file("tricky", content) + "--limit--").statusCode()).isEqualTo(201);
		assertThat(this.base.resolve("tricky")).hasBinaryContent(content.getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void storesNoneWhereOneIsRefused() throws Exception {
		String good = file("good", "x");
		assertProblem(post(this.dir, good + file("../bad", "x") + "--limit--"), 400);
		assertProblem(post(this.dir, good + file("..", "x") + "--limit--"), 400);
		assertProblem(post(this.dir, good + file("good", "twice") + "--limit--"), 400);
		assertProblem(post(this.dir, good + file("big", "x".repeat(RunningApp.MAX_BYTES + 1)) + "--limit--"), 413);
		assertProblem(post(this.dir, good + file("n".repeat(300), "x") + "--limit--"), 400);
		assertProblem(post(this.dir, good + "--limit\r\nbroken"), 400);
		assertProblem(post(this.dir, good.substring(0, good.length() - 2)), 400);
		assertProblem(post(this.dir, part("name=\"field\"", "no file") + "--limit--"), 400);
		assertProblem(post(this.dir, ""), 400);
		assertProblem(post(this.dir,
				IntStream.rangeClosed(0, 1000).mapToObj((i) -> file("f" + i, "")).reduce("", String::concat)
						+ "--limit--"),
				413);
		assertNothingStored();
	}

	@Test
	void verifiesTheDigestOfTheWholeBody() throws Exception {
		String body = file("a", "x") + "--limit--\r\nepilogue";
		String right = Digest.of(body.getBytes(StandardCharsets.UTF_8)).base64();
		assertProblem(post(this.dir, body, "Content-Digest", "sha-256=:" + Digest.EMPTY.base64() + ":"), 422);
		assertNothingStored();
		assertThat(post(this.dir, body, "Content-Digest", "sha-256=:" + right + ":").statusCode()).isEqualTo(201);
	}

	@Test
	void createsOnlyWhereAskedTo() throws Exception {
		this.app.put(this.dir + "/there", "before");
		HttpResponse<String> response = post(this.dir, file("new", "x") + file("there", "after") + "--limit--",
				"If-None-Match", "*");
		assertProblem(response, 412);
		assertThat(this.base.resolve("there")).hasContent("before");
		assertThat(this.base.resolve("new")).doesNotExist();
	}

	@Test
	void saysForAllFilesThatTheyArePending() throws Exception {
		HttpResponse<String> response = post(this.dir, file("a", "x") + file("b", "y") + "--limit--", "Prefer",
				"wait=1");
		assertThat(response.headers().firstValue("Preference-Applied")).contains("wait=1");
		assertThat(RunningApp.json(response).valueStream().map((one) -> one.path("state").stringValue()))
			.containsExactly("pending", "pending");
	}

	@Test
	void refusesOtherBodies() throws Exception {
		for (String type : List.of("application/json", "application/x-www-form-urlencoded",
				"multipart/mixed; boundary=x")) {
			HttpResponse<String> response = this.app
				.send(this.app.media(this.dir).header("Content-Type", type).POST(BodyPublishers.ofString("x")));
			assertProblem(response, 415);
		}
		assertProblem(this.app.send(this.app.media(this.dir)
			.header("Content-Type", "multipart/form-data")
			.POST(BodyPublishers.ofString("x"))), 400);
		assertNothingStored();
	}

	@Test
	void clientThatIsGoneInTheSecondFile() throws Exception {
		try (RawClient client = new RawClient(this.app.port())) {
			client.send(RawClient.head("POST", "/api/v1/media/media/" + this.dir, "Content-Type: " + TYPE,
					"Content-Length: 100000") + file("one", "1") + file("two", "x".repeat(10_000)));
			await().until(() -> this.app.staged().size() >= 2);
			client.reset();
		}
		assertNothingStored();
	}

	private static void assertProblem(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
	}

}
