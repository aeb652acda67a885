package dev.holdfast.app.media;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.holdfast.app.RunningApp;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Uploads by PUT over a real connection.
 */
class UploadHttpTest {

	private final RunningApp app = RunningApp.shared();

	private final String dir = this.app.freshDirectory();

	private Path onVolume(String name) {
		return this.app.volume().resolve(this.dir).resolve(name);
	}

	private MediaStored recorded(String name) {
		return (MediaStored) this.app.context()
			.getBean(Catalog.class)
			.find(MediaId.of("media", this.dir + "/" + name))
			.orElseThrow()
			.event();
	}

	@Test
	void answersWithWhatIsOnTheVolumeAndInTheCatalog() throws Exception {
		HttpResponse<String> response = this.app.put(this.dir + "/logo.png", "bytes");
		Digest digest = Digest.of("bytes".getBytes(StandardCharsets.UTF_8));
		assertThat(response.statusCode()).isEqualTo(201);
		assertThat(response.headers().firstValue("ETag")).contains("\"" + digest.hex() + "\"");
		assertThat(response.headers().firstValue("Repr-Digest")).contains("sha-256=:" + digest.base64() + ":");
		assertThat(response.headers().firstValue("Location")).contains("/api/v1/media/media/" + this.dir + "/logo.png");
		JsonNode body = RunningApp.json(response);
		assertThat(body.path("volume").stringValue()).isEqualTo("media");
		assertThat(body.path("path").stringValue()).isEqualTo(this.dir + "/logo.png");
		assertThat(body.path("size").longValue()).isEqualTo(5);
		assertThat(body.path("digest").stringValue()).isEqualTo("sha256:" + digest.hex());
		assertThat(body.path("contentType").stringValue()).isEqualTo("image/png");
		assertThat(body.path("state").stringValue()).isEqualTo("pending");
		assertThat(body.at("/links/status").stringValue()).isEqualTo("/api/v1/status/media/" + this.dir + "/logo.png");
		assertThat(onVolume("logo.png")).hasContent("bytes");
		MediaStored recorded = recorded("logo.png");
		assertThat(recorded.version()).hasToString(body.path("version").stringValue());
		assertThat(recorded.digest()).isEqualTo(digest);
		assertThat(recorded.origin()).isEqualTo(Origin.UPLOAD);
		assertThat(recorded.modified())
			.isEqualTo(Files.getLastModifiedTime(onVolume("logo.png")).toInstant().truncatedTo(ChronoUnit.MILLIS));
	}

	@Test
	void replacesWithALaterVersionAndKeepsThePermissions() throws Exception {
		String first = RunningApp.json(this.app.put(this.dir + "/a.txt", "one")).path("version").stringValue();
		Files.setPosixFilePermissions(onVolume("a.txt"), PosixFilePermissions.fromString("rw-rw----"));
		HttpResponse<String> second = this.app.put(this.dir + "/a.txt", "two");
		assertThat(second.statusCode()).isEqualTo(200);
		assertThat(RunningApp.json(second).path("version").stringValue()).isGreaterThan(first);
		assertThat(onVolume("a.txt")).hasContent("two");
		assertThat(Files.getPosixFilePermissions(onVolume("a.txt")))
			.isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
		assertThat(recorded("a.txt").mode()).isEqualTo(0660);
	}

	@Test
	void takesEmptyFiles() throws Exception {
		HttpResponse<String> response = this.app.put(this.dir + "/empty", "");
		assertThat(response.statusCode()).isEqualTo(201);
		assertThat(RunningApp.json(response).path("digest").stringValue()).isEqualTo(Digest.EMPTY.toString());
		assertThat(onVolume("empty")).isEmptyFile();
	}

	@Test
	void takesChunkedBodiesUpToTheLimitToTheByte() throws Exception {
		byte[] body = new byte[RunningApp.MAX_BYTES];
		body[7] = 7;
		HttpResponse<String> response = this.app.send(this.app.media(this.dir + "/chunked")
			.PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
		assertThat(response.statusCode()).isEqualTo(201);
		assertThat(onVolume("chunked")).hasBinaryContent(body);
	}

	@Test
	void refusesChunkedBodiesBeyondTheLimitWhileTheyStream() throws Exception {
		this.app.put(this.dir + "/big", "before");
		byte[] body = new byte[RunningApp.MAX_BYTES + 1];
		HttpResponse<String> response = this.app.send(this.app.media(this.dir + "/big")
			.PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
		assertProblem(response, 413, "too-large");
		assertThat(onVolume("big")).hasContent("before");
		assertNothingStaged();
	}

	@Test
	void refusesDeclaredLengthsBeyondTheLimit() throws Exception {
		HttpResponse<String> response = this.app.send(
				this.app.media(this.dir + "/big").PUT(BodyPublishers.ofByteArray(new byte[RunningApp.MAX_BYTES + 1])));
		assertProblem(response, 413, "too-large");
		assertThat(onVolume("big")).doesNotExist();
	}

	@Test
	void verifiesDigestsThatAreSentAlong() throws Exception {
		String right = "sha-256=:" + Digest.of("x".getBytes(StandardCharsets.UTF_8)).base64() + ":";
		String right512 = "sha-512=:"
				+ Base64.getEncoder()
					.encodeToString(MessageDigest.getInstance("SHA-512").digest("x".getBytes(StandardCharsets.UTF_8)))
				+ ":";
		String wrong = "sha-256=:" + Digest.EMPTY.base64() + ":";
		String wrong512 = "sha-512=:" + Base64.getEncoder().encodeToString(new byte[64]) + ":";
		for (String field : List.of("Content-Digest", "Repr-Digest")) {
			for (String value : List.of(right, right512, right + ", " + right512, "md5=:AAAA:, " + right,
					"crc32c=:AA==:")) {
				assertThat(putWith(field, value).statusCode()).as(value).isIn(200, 201);
			}
			for (String value : List.of(wrong, wrong512, right + ", " + wrong512, right512 + "," + wrong)) {
				assertProblem(putWith(field, value), 422, "digest-mismatch");
			}
			for (String value : List.of("sha-256=abc", "sha-256", "sha-256=:AAAA:", "sha-256=:%%:", "=")) {
				assertProblem(putWith(field, value), 400, "invalid-request");
			}
		}
		assertThat(onVolume("d")).hasContent("x");
		assertNothingStaged();
	}

	private HttpResponse<String> putWith(String field, String value) throws Exception {
		return this.app.send(this.app.media(this.dir + "/d").header(field, value).PUT(BodyPublishers.ofString("x")));
	}

	@Test
	void refusesWhatIsNotTheWholeFileAsItIs() throws Exception {
		assertProblem(putWith("Content-Encoding", "gzip"), 415, "unsupported-media-type");
		assertProblem(putWith("Content-Type", "multipart/form-data; boundary=x"), 415, "unsupported-media-type");
		assertProblem(putWith("Content-Range", "bytes 0-0/2"), 400, "invalid-request");
		assertThat(onVolume("d")).doesNotExist();
	}

	@Test
	void takesTheContentTypeThatIsSaidUnlessItSaysNothing() throws Exception {
		putWith("Content-Type", "application/vnd.holdfast+json");
		assertThat(recorded("d").contentType()).isEqualTo("application/vnd.holdfast+json");
		putWith("Content-Type", "application/x-www-form-urlencoded");
		assertThat(onVolume("d")).hasContent("x");
		assertThat(recorded("d").contentType()).isEqualTo("application/octet-stream");
	}

	@Test
	void createsOnlyWhereTheVolumeHasNothingWhateverTheCatalogKnows() throws Exception {
		Files.createDirectories(onVolume("x").getParent());
		Files.writeString(onVolume("foreign"), "of another program");
		HttpResponse<String> response = this.app.send(this.app.media(this.dir + "/foreign")
			.header("If-None-Match", "*")
			.PUT(BodyPublishers.ofString("mine")));
		assertProblem(response, 412, "precondition-failed");
		assertThat(onVolume("foreign")).hasContent("of another program");
		assertThat(this.app
			.send(this.app.media(this.dir + "/new").header("If-None-Match", "*").PUT(BodyPublishers.ofString("mine")))
			.statusCode()).isEqualTo(201);
	}

	@Test
	void replacesOnlyTheBytesThatTheClientMeans() throws Exception {
		String etag = this.app.put(this.dir + "/a", "one").headers().firstValue("ETag").orElseThrow();
		assertThat(putIfMatch("\"other\", " + etag, "two").statusCode()).isEqualTo(200);
		assertProblem(putIfMatch(etag, "three"), 412, "precondition-failed");
		assertProblem(putIfMatch("W/" + EntityTags.tag(Digest.of("two".getBytes(StandardCharsets.UTF_8))), "three"),
				412, "precondition-failed");
		assertProblem(putIfMatch("unquoted", "three"), 400, "invalid-request");
		// Another program writes: the catalog's digest is not the file's any more.
		Files.writeString(onVolume("a"), "foreign");
		assertProblem(putIfMatch(EntityTags.tag(Digest.of("two".getBytes(StandardCharsets.UTF_8))), "three"), 412,
				"precondition-failed");
		assertThat(
				putIfMatch(EntityTags.tag(Digest.of("foreign".getBytes(StandardCharsets.UTF_8))), "four").statusCode())
			.isEqualTo(200);
		assertThat(onVolume("a")).hasContent("four");
		assertProblem(
				this.app
					.send(this.app.media(this.dir + "/none").header("If-Match", "*").PUT(BodyPublishers.ofString("x"))),
				412, "precondition-failed");
	}

	private HttpResponse<String> putIfMatch(String etag, String body) throws Exception {
		return this.app
			.send(this.app.media(this.dir + "/a").header("If-Match", etag).PUT(BodyPublishers.ofString(body)));
	}

	@Test
	void givesConcurrentWritersOfOnePathHonestAnswers() throws Exception {
		List<HttpResponse<String>> answers = allAtOnce(8, "");
		assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 201);
		assertThat(answers).filteredOn((one) -> one.statusCode() == 201).hasSize(1);
		assertThat(answers).extracting((one) -> RunningApp.json(one).path("version").stringValue())
			.doesNotHaveDuplicates();
		JsonNode last = answers.stream()
			.map(RunningApp::json)
			.max(Comparator.comparing((one) -> one.path("version").stringValue()))
			.orElseThrow();
		assertThat(Digest.of(Files.readAllBytes(onVolume("same")))).hasToString(last.path("digest").stringValue());
		assertThat(recorded("same").digest()).hasToString(last.path("digest").stringValue());
	}

	@Test
	void letsOneOfManyCreate() throws Exception {
		List<HttpResponse<String>> answers = allAtOnce(8, "*");
		assertThat(answers).filteredOn((one) -> one.statusCode() == 201).hasSize(1);
		assertThat(answers).filteredOn((one) -> one.statusCode() == 412).hasSize(7);
	}

	private List<HttpResponse<String>> allAtOnce(int writers, String ifNoneMatch) throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(writers);
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<HttpResponse<String>>> futures = IntStream.range(0, writers)
				.mapToObj((i) -> executor.submit(() -> {
					var request = this.app.media(this.dir + "/same").PUT(BodyPublishers.ofString("by " + i));
					if (!ifNoneMatch.isEmpty()) {
						request.header("If-None-Match", ifNoneMatch);
					}
					barrier.await();
					return this.app.send(request);
				}))
				.toList();
			List<HttpResponse<String>> answers = new ArrayList<>();
			for (Future<HttpResponse<String>> future : futures) {
				answers.add(future.get());
			}
			return answers;
		}
	}

	@Test
	void waitsForTheReplicaAndSaysThatItIsStillPending() throws Exception {
		HttpResponse<String> response = this.app.send(this.app.media(this.dir + "/w")
			.header("Prefer", "respond-async, wait=1")
			.PUT(BodyPublishers.ofString("x")));
		assertThat(response.statusCode()).isEqualTo(201);
		assertThat(response.headers().firstValue("Preference-Applied")).contains("wait=1");
		assertThat(RunningApp.json(response).path("state").stringValue()).isEqualTo("pending");
	}

	@Test
	void stopsWaitingWhenTheUploadIsSuperseded() throws Exception {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<HttpResponse<String>> waiting = executor.submit(() -> this.app.send(this.app.media(this.dir + "/w")
				.header("Prefer", "wait=60")
				.timeout(Duration.ofSeconds(90))
				.PUT(BodyPublishers.ofString("first"))));
			await().until(() -> Files.exists(onVolume("w")));
			this.app.put(this.dir + "/w", "second");
			assertThat(RunningApp.json(waiting.get()).path("state").stringValue()).isEqualTo("superseded");
		}
	}

	private void assertNothingStaged() {
		await().until(() -> this.app.staged().isEmpty());
	}

	static void assertProblem(HttpResponse<String> response, int status, String slug) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
		JsonNode problem = RunningApp.json(response);
		assertThat(problem.path("type").stringValue()).isEqualTo("https://holdfast.dev/problems/" + slug);
		assertThat(problem.path("status").intValue()).isEqualTo(status);
		assertThat(problem.path("title").stringValue()).isNotBlank();
		assertThat(problem.path("detail").stringValue()).isNotBlank();
		assertThat(problem.path("instance").stringValue()).startsWith("/");
		assertThat(response.body()).doesNotContain(RunningApp.TOKEN);
	}

}
