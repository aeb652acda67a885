package dev.holdfast.it.never;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Http;
import dev.holdfast.it.harness.RawHttp;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 8: a request that reads or writes outside the volume, through {@code ..},
 * absolute paths, symlinks, encodings or odd Unicode.
 */
class NoWayOutOfTheVolumeIT {

	private static final String SECRET = "what lies outside";

	@RegisterExtension
	static final Running RUNNING = Running.shared(Running.Shared.PLAIN);

	private final Stack stack = RUNNING.get();

	private final Path outside = this.stack.volume().resolveSibling("outside");

	private Map<String, Digest> before = Map.of();

	@BeforeEach
	void lookOutside() throws IOException {
		Files.createDirectories(this.outside);
		Files.writeString(this.outside.resolve("secret.txt"), SECRET);
		this.before = tree();
	}

	@AfterEach
	void nothingHasChangedThere() throws IOException {
		assertThat(tree()).isEqualTo(this.before);
	}

	/** All but what the parts write of their own accord. */
	private Map<String, Digest> tree() throws IOException {
		Map<String, Digest> tree = new TreeMap<>();
		Path marker = this.stack.volume().resolve(".holdfast/volume.json");
		tree.put("marker", Digest.of(Files.readAllBytes(marker)));
		try (Stream<Path> files = Files.walk(this.outside)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				tree.put(file.toString(), Digest.of(Files.readAllBytes(file)));
			}
		}
		try (Stream<Path> files = Files.list(this.stack.volume().resolveSibling("."))) {
			files.filter((file) -> !file.toString().endsWith(".log"))
				.forEach((file) -> tree.put(file.toString(), Digest.EMPTY));
		}
		return tree;
	}

	static Stream<String> targets() {
		List<String> paths = List.of("../outside/secret.txt", "%2e%2e/outside/secret.txt", "%2E%2E/outside/secret.txt",
				".%2e/outside/secret.txt", "a/../../outside/secret.txt", "a/%2e%2e/%2e%2e/outside/secret.txt",
				"..%2foutside%2fsecret.txt", "..%2Foutside/secret.txt", "%2e%2e%2foutside%2fsecret.txt",
				"..\\outside\\secret.txt", "%c0%ae%c0%ae/outside/secret.txt", "%e0%80%ae%e0%80%ae/outside/secret.txt",
				"%uff0e%uff0e/outside/secret.txt", "..%00/outside/secret.txt", "%00../outside/secret.txt",
				"/../outside/secret.txt", "//outside/secret.txt", "%2fetc%2fpasswd", "/etc/passwd", "//etc/passwd",
				"file:///etc/passwd", "./../outside/secret.txt", ".holdfast/../../outside/secret.txt",
				"link-to-directory/secret.txt", "link-to-file", "link-to-link/secret.txt", "link-to-root/etc/passwd",
				"link-to-parent/outside/secret.txt", ".holdfast/volume.json", "%2eholdfast/volume.json",
				".holdfast%2fvolume.json", ".holdfast/tmp/x", "..\u0000/outside/secret.txt",
				"\u00ff\u00fe/../../outside/secret.txt");
		return paths.stream().map("/api/v1/media/media/"::concat);
	}

	static Stream<String> volumes() {
		return Stream.of("/api/v1/media/../media/../outside/secret.txt", "/api/v1/media/%2e%2e/outside/secret.txt",
				"/api/v1/media/..%2foutside/secret.txt", "/api/v1/media/outside/secret.txt",
				"/api/v1/media//etc/passwd", "/api/v1/media/.%2f..%2foutside/secret.txt", "/api/v1/media/MEDIA/x",
				"/api/v1/media/media%00/x");
	}

	@ParameterizedTest
	@MethodSource({ "targets", "volumes" })
	void nothingIsReadOrWrittenOrDeletedOutside(String target) throws IOException {
		plantLinks();
		for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
			byte[] body = method.equals("PUT") ? Bytes.of("intruder") : new byte[0];
			Answer answer = RawHttp.send(this.stack.api().base(), method, target, this.stack.api().token(), body);
			assertThat(answer.status()).as("%s %s: %s", method, target, answer).isBetween(400, 499);
			assertThat(answer.text()).doesNotContain(SECRET, "root:", "\"created\"");
			assertThat(tree()).as("after %s", method).isEqualTo(this.before);
		}
	}

	/** Decoded once and nothing stripped, these are names like any other. */
	@ParameterizedTest
	@CsvSource({ "..%5coutside%5csecret.txt, ..\\outside\\secret.txt", "..;/outside/secret.txt, ..;/outside/secret.txt",
			"..;x=1/outside/secret.txt, ..;x=1/outside/secret.txt",
			"%252e%252e/outside/secret.txt, %2e%2e/outside/secret.txt", "..%EF%BC%8Foutside, ..\uFF0Foutside" })
	void namesThatOnlyLookLikeAWayOutStayInside(String target, String name) throws IOException {
		URI base = this.stack.api().base();
		String token = this.stack.api().token();
		String path = "/api/v1/media/media/" + target;
		assertThat(RawHttp.send(base, "PUT", path, token, Bytes.of("inside")).status()).isEqualTo(201);

		assertThat(this.stack.volume().resolve(name)).hasContent("inside");
		assertThat(RawHttp.send(base, "GET", path, token, new byte[0]).text()).isEqualTo("inside");
		assertThat(RawHttp.send(base, "DELETE", path, token, new byte[0]).status()).isEqualTo(204);
		assertThat(this.stack.volume().resolve(name)).doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "link-to-directory/", "../outside/", "%2e%2e/outside/", ".holdfast/", "" })
	void nothingIsWrittenOutsideByAForm(String directory) throws IOException {
		plantLinks();
		for (String name : List.of("../../outside/secret.txt", "/etc/holdfast-intruder", "..\\secret.txt", "..",
				".holdfast", "a/../../outside/x")) {
			String form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
					+ "\"\r\nContent-Type: text/plain\r\n\r\nintruder\r\n--b--\r\n";
			Http.send(this.stack.api()
				.request("/api/v1/media/media/" + directory)
				.header("Content-Type", "multipart/form-data; boundary=b")
				.POST(HttpRequest.BodyPublishers.ofString(form)));
			assertThat(tree()).as("after %s in %s", name, directory).isEqualTo(this.before);
			assertThat(Path.of("/etc/holdfast-intruder")).doesNotExist();
		}
	}

	@Test
	void linkPlantedWhereAnUploadLiesIsNeitherServedNorReplicated() throws IOException {
		String file = "media/planted/file.txt";
		this.stack.api().upload(file, Bytes.of("ours"));
		this.stack.awaitReplicated(file);
		Path onVolume = this.stack.volume().resolve("planted/file.txt");
		Files.delete(onVolume);
		Files.createSymbolicLink(onVolume, this.outside.resolve("secret.txt"));

		Answer answer = this.stack.api().get(file);

		assertThat(answer.status()).isBetween(400, 499);
		assertThat(answer.text()).doesNotContain(SECRET);
		assertThat(this.stack.api().put(file, Bytes.of("again")).status()).isIn(200, 201, 403, 404, 409, 422);
		assertThat(this.stack.bucket().bytes(file)).isPresent()
			.hasValueSatisfying((bytes) -> assertThat(new String(bytes, StandardCharsets.UTF_8)).isNotEqualTo(SECRET));
	}

	private void plantLinks() throws IOException {
		link("link-to-directory", this.outside);
		link("link-to-file", this.outside.resolve("secret.txt"));
		link("link-to-link", Path.of("link-to-directory"));
		link("link-to-root", Path.of("/"));
		link("link-to-parent", Path.of(".."));
	}

	private void link(String name, Path target) throws IOException {
		Path link = this.stack.volume().resolve(name);
		Files.deleteIfExists(link);
		Files.createSymbolicLink(link, target);
	}

}
