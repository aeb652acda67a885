package dev.holdfast.app.media;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.holdfast.app.RunningApp;
import dev.holdfast.app.volume.VolumeMarks;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A volume that Holdfast only looks at.
 */
class ReadOnlyVolumeHttpTest {

	@Test
	void isServedAndTakesNothing() throws Exception {
		RunningApp app = RunningApp.own("--holdfast.volumes-read-only=other");
		try (ConfigurableApplicationContext _ = app.context()) {
			assertRefused(app, app.request("/api/v1/media/other/a").GET(), 503, "volume mark");
			VolumeMarks.mark(app.other(), new VolumeName("other"));
			Files.writeString(app.other().resolve("a"), "hello");
			List<Path> before = tree(app.other());

			assertThat(app.send(app.request("/api/v1/media/other/a").GET()).body()).isEqualTo("hello");
			assertRefused(app, app.request("/api/v1/media/other/a").PUT(HttpRequest.BodyPublishers.ofString("x")), 403,
					"volume-read-only");
			assertRefused(app, app.request("/api/v1/media/other/n/b").PUT(HttpRequest.BodyPublishers.ofString("x")),
					403, "volume-read-only");
			assertRefused(app, app.request("/api/v1/media/other/a").DELETE(), 403, "volume-read-only");
			assertRefused(app,
					app.request("/api/v1/media/other/n/")
						.header("Content-Type", "multipart/form-data; boundary=b")
						.POST(HttpRequest.BodyPublishers.ofString(
								"--b\r\nContent-Disposition: form-data; name=f; filename=c\r\n\r\nx\r\n--b--\r\n")),
					403, "volume-read-only");
			Files.createDirectories(app.sources());
			assertRefused(app,
					app.request("/api/v1/migrations")
						.header("Content-Type", "application/json")
						.POST(HttpRequest.BodyPublishers
							.ofString("{\"from\": \"" + app.sources() + "\", \"volume\": \"other\"}")),
					403, "volume-read-only");
			assertThat(tree(app.other())).isEqualTo(before);
		}
	}

	private static void assertRefused(RunningApp app, HttpRequest.Builder request, int status, String says)
			throws IOException, InterruptedException {
		HttpResponse<String> answer = app.send(request);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.body()).contains(says);
	}

	private static List<Path> tree(Path root) throws IOException {
		try (Stream<Path> walk = Files.walk(root)) {
			return walk.sorted().toList();
		}
	}

}
