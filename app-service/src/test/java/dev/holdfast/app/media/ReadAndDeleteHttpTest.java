package dev.holdfast.app.media;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdfast.app.RawClient;
import dev.holdfast.app.RunningApp;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import org.junit.jupiter.api.Test;

import static dev.holdfast.app.media.UploadHttpTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * GET, HEAD and DELETE over a real connection.
 */
class ReadAndDeleteHttpTest {

	private static final String CONTENT = "0123456789";

	private final RunningApp app = RunningApp.shared();

	private final String dir = this.app.freshDirectory();

	private Path onVolume(String name) {
		return this.app.volume().resolve(this.dir).resolve(name);
	}

	private HttpResponse<String> get(String name, String... headers) throws Exception {
		return with("GET", name, headers);
	}

	private HttpResponse<String> with(String method, String name, String... headers) throws Exception {
		HttpRequest.Builder request = this.app.media(this.dir + "/" + name)
			.method(method, HttpRequest.BodyPublishers.noBody());
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return this.app.send(request);
	}

	private String upload(String name) throws Exception {
		return this.app.put(this.dir + "/" + name, CONTENT).headers().firstValue("ETag").orElseThrow();
	}

	private CatalogEntry recorded(String name) {
		return this.app.context().getBean(Catalog.class).find(MediaId.of("media", this.dir + "/" + name)).orElseThrow();
	}

	@Test
	void servesTheFileWithWhatIsKnownOfIt() throws Exception {
		String etag = upload("a.txt");
		Files.setLastModifiedTime(onVolume("a.txt"), FileTime.from(Instant.parse("2026-01-02T03:04:05.678Z")));
		HttpResponse<String> response = get("a.txt");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(CONTENT);
		assertThat(response.headers().firstValue("ETag")).contains(etag);
		assertThat(response.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("text/plain"));
		assertThat(response.headers().firstValue("Last-Modified")).contains("Fri, 02 Jan 2026 03:04:05 GMT");
		assertThat(response.headers().firstValue("Accept-Ranges")).contains("bytes");
		assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
		assertThat(response.headers().firstValue("Content-Disposition")).isEmpty();
		HttpResponse<String> head = with("HEAD", "a.txt");
		assertThat(head.body()).isEmpty();
		assertThat(head.headers().firstValue("Content-Length")).contains("10");
		assertThat(head.headers().firstValue("ETag")).contains(etag);
	}

	@Test
	void offersWhatRunsInABrowserForDownload() throws Exception {
		for (String name : new String[] { "a.html", "a.svg", "a.xhtml", "a.xml", "a.js", "a.unknown" }) {
			upload(name);
			assertThat(get(name).headers().firstValue("Content-Disposition")).as(name)
				.hasValueSatisfying((value) -> assertThat(value).startsWith("attachment").contains(name));
		}
		for (String name : new String[] { "a.png", "a.jpg", "a.pdf", "a.mp4" }) {
			upload(name);
			assertThat(get(name).headers().firstValue("Content-Disposition")).as(name).isEmpty();
		}
	}

	@Test
	void servesRanges() throws Exception {
		String etag = upload("r");
		assertRange(get("r", "Range", "bytes=0-0"), "0", "bytes 0-0/10");
		assertRange(get("r", "Range", "bytes=3-5"), "345", "bytes 3-5/10");
		assertRange(get("r", "Range", "bytes=7-"), "789", "bytes 7-9/10");
		assertRange(get("r", "Range", "bytes=-4"), "6789", "bytes 6-9/10");
		assertRange(get("r", "Range", "bytes=8-100"), "89", "bytes 8-9/10");
		assertRange(get("r", "Range", "bytes=1-1", "If-Range", etag), "1", "bytes 1-1/10");
		for (String outside : new String[] { "bytes=10-", "bytes=10-11", "bytes=-0" }) {
			HttpResponse<String> response = get("r", "Range", outside);
			assertProblem(response, 416, "range-not-satisfiable");
			assertThat(response.headers().firstValue("Content-Range")).contains("bytes */10");
		}
		for (String ignored : new String[] { "lines=1-2", "bytes=x", "bytes=5-3", "bytes=0-9,0-9" }) {
			HttpResponse<String> response = get("r", "Range", ignored);
			assertThat(response.statusCode()).as(ignored).isEqualTo(200);
			assertThat(response.body()).isEqualTo(CONTENT);
		}
		assertThat(get("r", "Range", "bytes=1-1", "If-Range", "\"other\"").statusCode()).isEqualTo(200);
		HttpResponse<String> head = with("HEAD", "r", "Range", "bytes=3-5");
		assertThat(head.headers().firstValue("Content-Length")).contains("3");
	}

	private static void assertRange(HttpResponse<String> response, String body, String contentRange) {
		assertThat(response.statusCode()).isEqualTo(206);
		assertThat(response.body()).isEqualTo(body);
		assertThat(response.headers().firstValue("Content-Range")).contains(contentRange);
		assertThat(response.headers().firstValue("Content-Length")).contains(String.valueOf(body.length()));
	}

	@Test
	void servesSeveralRanges() throws Exception {
		upload("r.txt");
		HttpResponse<String> response = get("r.txt", "Range", "bytes=0-1, 20-, 4-5, -1");
		assertThat(response.statusCode()).isEqualTo(206);
		String type = response.headers().firstValue("Content-Type").orElseThrow();
		assertThat(type).startsWith("multipart/byteranges; boundary=");
		String boundary = "--" + type.substring(type.indexOf('=') + 1);
		assertThat(response.body().split(boundary, -1)).hasSize(5)
			.satisfies((parts) -> assertThat(parts[1]).contains("Content-Range: bytes 0-1/10\r\n\r\n01\r\n"))
			.satisfies((parts) -> assertThat(parts[2]).contains("Content-Range: bytes 4-5/10\r\n\r\n45\r\n"))
			.satisfies((parts) -> assertThat(parts[3]).contains("Content-Range: bytes 9-9/10\r\n\r\n9\r\n"))
			.satisfies((parts) -> assertThat(parts[4]).isEqualTo("--\r\n"));
	}

	@Test
	void answersConditions() throws Exception {
		String etag = upload("c");
		HttpResponse<String> notModified = get("c", "If-None-Match", "\"x\", W/" + etag);
		assertThat(notModified.statusCode()).isEqualTo(304);
		assertThat(notModified.headers().firstValue("ETag")).contains(etag);
		assertThat(notModified.body()).isEmpty();
		assertThat(get("c", "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
		assertThat(get("c", "If-Match", etag).statusCode()).isEqualTo(200);
		assertProblem(get("c", "If-Match", "\"x\""), 412, "precondition-failed");
		String modified = get("c").headers().firstValue("Last-Modified").orElseThrow();
		assertThat(get("c", "If-Modified-Since", modified).statusCode()).isEqualTo(304);
		assertThat(get("c", "If-Modified-Since", "Fri, 02 Jan 2015 03:04:05 GMT").statusCode()).isEqualTo(200);
		assertProblem(get("c", "If-Unmodified-Since", "Fri, 02 Jan 2015 03:04:05 GMT"), 412, "precondition-failed");
	}

	@Test
	void tellsTheTruthOfFilesThatOthersWrite() throws Exception {
		String etag = upload("f.txt");
		// Same size and same time, as cp -p does it.
		FileTime time = Files.getLastModifiedTime(onVolume("f.txt"));
		Files.writeString(onVolume("f.txt"), "9876543210");
		Files.setLastModifiedTime(onVolume("f.txt"), time);
		HttpResponse<String> response = get("f.txt");
		assertThat(response.body()).isEqualTo("9876543210");
		assertThat(response.headers().firstValue("ETag")).isPresent()
			.get()
			.isNotEqualTo(etag)
			.isEqualTo(EntityTags.tag(Digest.of("9876543210".getBytes(StandardCharsets.UTF_8))));
		Files.writeString(onVolume("unknown.png"), "x");
		assertThat(get("unknown.png").headers().firstValue("Content-Type")).contains("image/png");
	}

	@Test
	void servesOneVersionOrTheOtherButNoMixture() throws Exception {
		AtomicBoolean done = new AtomicBoolean();
		byte[][] versions = new byte[2][600_000];
		Arrays.fill(versions[0], (byte) 'a');
		Arrays.fill(versions[1], (byte) 'b');
		this.app.send(this.app.media(this.dir + "/v").PUT(HttpRequest.BodyPublishers.ofByteArray(versions[0])));
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<?> writer = executor.submit(() -> {
				for (int i = 1; i < 20; i++) {
					this.app.send(this.app.media(this.dir + "/v")
						.PUT(HttpRequest.BodyPublishers.ofByteArray(versions[i % 2])));
				}
				done.set(true);
				return null;
			});
			while (!done.get()) {
				HttpResponse<byte[]> response = this.app.fetch(this.app.media(this.dir + "/v").GET());
				if (response.statusCode() == 200) {
					assertThat(response.headers().firstValue("ETag"))
						.contains(EntityTags.tag(Digest.of(response.body())));
					assertThat(response.body()).hasSize(600_000);
				}
				else {
					assertThat(response.statusCode()).isEqualTo(503);
				}
			}
			writer.get();
		}
	}

	@Test
	void saysWhatIsNotThere() throws Exception {
		assertProblem(get("nothing"), 404, "no-such-media");
		assertProblem(get("no/such/directory"), 404, "no-such-media");
		assertProblem(this.app.send(this.app.request("/api/v1/media/unknown/x").GET()), 404, "no-such-volume");
		assertProblem(this.app.send(this.app.request("/api/v1/unknown").GET()), 404, "not-found");
		assertProblem(this.app.send(this.app.request("/").GET()), 404, "not-found");
		HttpResponse<String> wrongMethod = this.app
			.send(this.app.media("x").method("PATCH", HttpRequest.BodyPublishers.noBody()));
		assertProblem(wrongMethod, 405, "method-not-allowed");
		assertThat(wrongMethod.headers().firstValue("Allow")).isPresent();
	}

	@Test
	void deletesOnceAndRecordsTheEvidence() throws Exception {
		upload("d");
		assertThat(with("DELETE", "d").statusCode()).isEqualTo(204);
		assertThat(onVolume("d")).doesNotExist();
		assertThat(recorded("d").event()).isInstanceOfSatisfying(MediaDeleted.class,
				(deleted) -> assertThat(deleted.evidence()).isEqualTo(Evidence.API_REQUEST));
		assertProblem(with("DELETE", "d"), 404, "no-such-media");
		assertProblem(get("d"), 404, "no-such-media");
		assertProblem(with("DELETE", "no/such"), 404, "no-such-media");
	}

	@Test
	void deletesOnlyTheBytesThatTheClientMeans() throws Exception {
		String etag = upload("d");
		assertProblem(with("DELETE", "d", "If-Match", "\"x\""), 412, "precondition-failed");
		assertThat(onVolume("d")).hasContent(CONTENT);
		assertThat(with("DELETE", "d", "If-Match", etag).statusCode()).isEqualTo(204);
	}

	@Test
	void recordsTheDeleteOfAFileThatIsGoneAlready() throws Exception {
		upload("x/gone");
		Files.delete(onVolume("x/gone"));
		assertThat(with("DELETE", "x/gone").statusCode()).isEqualTo(204);
		assertThat(recorded("x/gone").event()).isInstanceOf(MediaDeleted.class);
		upload("y/gone");
		Files.delete(onVolume("y/gone"));
		Files.delete(onVolume("y"));
		assertThat(with("DELETE", "y/gone").statusCode()).isEqualTo(204);
		assertThat(recorded("y/gone").event()).isInstanceOf(MediaDeleted.class);
	}

	@Test
	void deletesFilesThatTheCatalogDoesNotKnow() throws Exception {
		Files.createDirectories(onVolume("x").getParent());
		Files.writeString(onVolume("foreign"), "x");
		assertThat(with("DELETE", "foreign").statusCode()).isEqualTo(204);
		assertThat(onVolume("foreign")).doesNotExist();
		assertThat(recorded("foreign").event()).isInstanceOf(MediaDeleted.class);
	}

	@Test
	void keepsServingOthersWhenAClientGoesInMidDownload() throws Exception {
		byte[] big = new byte[RunningApp.MAX_BYTES];
		this.app.send(this.app.media(this.dir + "/big").PUT(HttpRequest.BodyPublishers.ofByteArray(big)));
		for (int i = 0; i < 5; i++) {
			try (RawClient client = new RawClient(this.app.port())) {
				client.send(RawClient.head("GET", "/api/v1/media/media/" + this.dir + "/big"));
				client.reset();
			}
		}
		assertThat(this.app.fetch(this.app.media(this.dir + "/big").GET()).body()).isEqualTo(big);
	}

}
