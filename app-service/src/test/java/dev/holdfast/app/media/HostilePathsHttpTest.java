package dev.holdfast.app.media;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.holdfast.app.RawClient;
import dev.holdfast.app.RunningApp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 8: a request that reads or writes outside the volume.
 */
class HostilePathsHttpTest {

	private static final List<String> METHODS = List.of("GET", "PUT", "DELETE");

	private final RunningApp app = RunningApp.shared();

	private final String dir = this.app.freshDirectory();

	@ParameterizedTest
	@ValueSource(strings = { "../secret", "a/../../secret", "%2e%2e/secret", "%2E%2e/secret", ".%2e/secret",
			"..%2fsecret", "%2e%2e%2fsecret", "a%2fb", "a%2Fb", "a/%2e%2e/%2e%2e/secret", "..%5csecret/../../secret",
			"%2fetc%2fpasswd", "/etc/passwd", "//etc/passwd", "./secret", "%2e/secret", "a/..;/../secret",
			"%c0%ae%c0%ae/secret", "%c0%ae%c0%ae%c0%afsecret", "%u002e%u002e/secret", "../../../../../../etc/passwd",
			"a%00b", "a%0ab", "a%0db", "a%1fb", "a%7fb", "%ff%fe", "%80", "%ed%a0%80", "%f4%90%80%80", "a%", "a%2",
			"a%zz", "a//b", "a/", ".holdfast/volume.json", "%2eholdfast/volume.json", ".holdfast/tmp/x", ".", ".." })
	void answersEveryMethodWithAProblemAndTouchesNothing(String path) throws Exception {
		Path secret = this.app.volume().resolveSibling("secret");
		Files.writeString(secret, "untouched");
		for (String method : METHODS) {
			String response = RawClient.exchange(this.app.port(),
					RawClient.head(method, "/api/v1/media/media/" + path, "Content-Length: 3", "Connection: close")
							+ "bad");
			assertThat(response).as("%s %s", method, path)
				.startsWith("HTTP/1.1 4")
				.doesNotContain("untouched", "root:");
			assertThat(response).as("%s %s", method, path)
				.matches("(?s).*(application/problem\\+json|Content-Length: 0|Connection: close).*");
		}
		assertThat(secret).hasContent("untouched");
		assertThat(this.app.volume().resolve(".holdfast/volume.json")).content().contains("\"volume\":\"media\"");
		assertThat(this.app.staged()).isEmpty();
	}

	@Test
	void refusesOtherVolumesByNameOnly() throws Exception {
		for (String path : List.of("nothing/x", "MEDIA/x", "media%2fx/y", "..%2fmedia/x", "media;a=b/x", "%20/x")) {
			HttpResponse<String> response = this.app
				.send(this.app.request("/api/v1/media/" + path).PUT(BodyPublishers.ofString("x")));
			assertThat(response.statusCode()).as(path).isIn(400, 404);
			assertThat(response.headers().firstValue("Content-Type")).as(path).contains("application/problem+json");
		}
	}

	@Test
	void keepsEveryLegalNameByteForByte() throws Exception {
		Map<String, String> names = Map.of("a%20b.txt", "a b.txt", "a+b", "a+b", "a%2Bc", "a+c", "-x", "-x", "50%25",
				"50%", "50%2525", "50%25", "back%5Cslash", "back\\slash", "..%3Bx", "..;x", "semi;colon=1",
				"semi;colon=1");
		for (Map.Entry<String, String> name : names.entrySet()) {
			assertThat(this.app.put(this.dir + "/" + name.getKey(), name.getValue()).statusCode()).as(name.getKey())
				.isEqualTo(201);
			assertThat(this.app.volume().resolve(this.dir).resolve(name.getValue())).hasContent(name.getValue());
			assertThat(this.app.get(this.dir + "/" + name.getKey()).body()).isEqualTo(name.getValue());
		}
		try (Stream<Path> files = Files.list(this.app.volume().resolve(this.dir))) {
			assertThat(files.map((file) -> file.getFileName().toString()))
				.containsExactlyInAnyOrderElementsOf(names.values());
		}
	}

	@Test
	void keepsBothUnicodeFormsApart() throws Exception {
		assertThat(this.app.put(this.dir + "/%C3%A9", "composed").statusCode()).isEqualTo(201);
		assertThat(this.app.put(this.dir + "/e%CC%81", "decomposed").statusCode()).isEqualTo(201);
		assertThat(this.app.get(this.dir + "/%C3%A9").body()).isEqualTo("composed");
		assertThat(this.app.get(this.dir + "/e%CC%81").body()).isEqualTo("decomposed");
	}

	@Test
	void takesNamesOf255BytesAndRefusesLongerOnes() throws Exception {
		String longest = "%C3%BC".repeat(127) + "x";
		assertThat(this.app.put(this.dir + "/" + longest, "x").statusCode()).isEqualTo(201);
		assertThat(this.app.get(this.dir + "/" + longest).body()).isEqualTo("x");
		for (String tooLong : List.of("n".repeat(256), "n".repeat(300), "%C3%BC".repeat(128), "n".repeat(300) + "/x",
				"d/".repeat(600) + "x")) {
			UploadHttpTest.assertProblem(this.app.put(this.dir + "/" + tooLong, "x"), 400, "invalid-path");
		}
	}

	@Test
	void followsNoSymbolicLinkWhereverItIs() throws Exception {
		Path outside = Files.createTempDirectory("holdfast-outside-");
		Files.writeString(outside.resolve("file"), "outside");
		Path base = Files.createDirectories(this.app.volume().resolve(this.dir));
		Files.createSymbolicLink(base.resolve("to-file"), outside.resolve("file"));
		Files.createSymbolicLink(base.resolve("to-nothing"), outside.resolve("new"));
		Files.createSymbolicLink(base.resolve("to-directory"), outside);
		Files.createDirectory(base.resolve("inner"));
		Files.createSymbolicLink(base.resolve("inner/up"), Path.of("../../.."));
		for (String path : List.of("to-file", "to-nothing", "to-directory", "to-directory/file", "to-directory/new",
				"to-directory/deep/new", "inner/up/secret")) {
			for (String method : METHODS) {
				HttpResponse<String> response = this.app.send(this.app.media(this.dir + "/" + path)
					.method(method, method.equals("PUT") ? BodyPublishers.ofString("evil") : BodyPublishers.noBody()));
				UploadHttpTest.assertProblem(response, 403, "symbolic-link");
			}
		}
		assertThat(outside.resolve("file")).hasContent("outside");
		assertThat(outside).isDirectoryContaining((file) -> file.endsWith("file"));
		try (Stream<Path> files = Files.list(outside)) {
			assertThat(files).hasSize(1);
		}
		assertThat(Files.isSymbolicLink(base.resolve("to-file"))).isTrue();
	}

	@Test
	void saysWhatIsInTheWay() throws Exception {
		this.app.put(this.dir + "/file", "x");
		this.app.put(this.dir + "/directory/y", "y");
		UploadHttpTest.assertProblem(this.app.put(this.dir + "/file/below", "z"), 409, "path-conflict");
		UploadHttpTest.assertProblem(this.app.put(this.dir + "/file/below/it", "z"), 409, "path-conflict");
		UploadHttpTest.assertProblem(this.app.put(this.dir + "/directory", "z"), 409, "path-conflict");
		UploadHttpTest.assertProblem(this.app.get(this.dir + "/directory"), 404, "no-such-media");
		UploadHttpTest.assertProblem(this.app.get(this.dir + "/file/below"), 404, "no-such-media");
		UploadHttpTest.assertProblem(this.app.send(this.app.media(this.dir + "/directory").DELETE()), 409,
				"path-conflict");
		assertThat(this.app.get(this.dir + "/directory/y").body()).isEqualTo("y");
		assertThat(this.app.staged()).isEmpty();
	}

	@Test
	void opensNoFifo() throws Exception {
		Path base = Files.createDirectories(this.app.volume().resolve(this.dir));
		assertThat(new ProcessBuilder("mkfifo", base.resolve("fifo").toString()).start().waitFor()).isZero();
		UploadHttpTest.assertProblem(this.app.get(this.dir + "/fifo"), 404, "no-such-media");
		UploadHttpTest.assertProblem(this.app.put(this.dir + "/fifo", "x"), 409, "path-conflict");
		UploadHttpTest.assertProblem(this.app.put(this.dir + "/fifo/x", "x"), 409, "path-conflict");
		assertThat(Files.exists(base.resolve("fifo"), LinkOption.NOFOLLOW_LINKS)).isTrue();
		Files.delete(base.resolve("fifo"));
	}

	@Test
	void answersTargetsThatAreNoAddressWithoutHarm() throws Exception {
		for (String target : List.of("/api/v1/media/media/gr\u00fc\u00dfe", "/api/v1/media/media/a\\b",
				"/../../etc/passwd", "*", "/api/v1/media/media/{x}", "http://other/api/v1/media/media/../x")) {
			String response = RawClient.exchange(this.app.port(),
					RawClient.head("GET",
							new String(target.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
							"Connection: close"));
			assertThat(response).as(target).startsWith("HTTP/1.1 4").doesNotContain("<html", "Apache", "root:");
		}
	}

}
