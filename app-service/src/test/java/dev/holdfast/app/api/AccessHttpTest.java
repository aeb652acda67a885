package dev.holdfast.app.api;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

import dev.holdfast.app.RawClient;
import dev.holdfast.app.RunningApp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing without the token.
 */
class AccessHttpTest {

	private final RunningApp app = RunningApp.shared();

	private HttpResponse<String> send(String method, String path, @Nullable String authorization) throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			HttpRequest.Builder request = HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:" + this.app.port() + path))
				.method(method, HttpRequest.BodyPublishers.ofString(method.equals("PUT") ? "body" : ""));
			if (authorization != null) {
				request.header("Authorization", authorization);
			}
			return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
	}

	@Test
	void refusesEverythingElse() throws Exception {
		for (String path : List.of("/api/v1/media/media/access", "/api/v1/status", "/actuator/prometheus", "/actuator",
				"/actuator/info", "/actuator/health", "/", "/error", "/api/v1/openapi.yaml/x",
				"/actuator/health/..%2Fprometheus", "/actuator/health;/../prometheus",
				"/actuator/health/%2e%2e/prometheus")) {
			for (String method : List.of("GET", "PUT", "DELETE", "POST")) {
				HttpResponse<String> response = send(method, path, null);
				assertThat(response.statusCode()).as("%s %s", method, path).isIn(400, 401);
				if (response.statusCode() == 401) {
					assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"holdfast\"");
					assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
				}
			}
		}
		assertThat(this.app.volume().resolve("access")).doesNotExist();
	}

	@Test
	void refusesWrongTokensWithoutEchoingThem() throws Exception {
		for (String wrong : List.of("Bearer wrong-token-here", "Bearer " + RunningApp.TOKEN + "x", "Bearer ",
				"Bearer " + RunningApp.TOKEN.substring(1), "Basic " + RunningApp.TOKEN, RunningApp.TOKEN)) {
			HttpResponse<String> response = send("PUT", "/api/v1/media/media/access", wrong);
			assertThat(response.statusCode()).as(wrong).isEqualTo(401);
			assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
			assertThat(response.body()).doesNotContain("wrong-token-here", RunningApp.TOKEN);
		}
		assertThat(this.app.volume().resolve("access")).doesNotExist();
	}

	@Test
	void takesTheSchemeInAnyCase() throws Exception {
		assertThat(send("GET", "/api/v1/media/media/nothing", "bearer " + RunningApp.TOKEN).statusCode())
			.isEqualTo(404);
	}

	@Test
	void leavesProbesAndDescriptionOpenAndLetsThemTellNoReasons() throws Exception {
		assertThat(send("GET", "/actuator/health/readiness", null).body()).contains("status")
			.doesNotContain("components", "details");
		assertThat(send("GET", "/actuator/health/liveness", null).statusCode()).isEqualTo(200);
		assertThat(send("GET", "/api/v1/openapi.yaml", null).statusCode()).isEqualTo(200);
	}

	@Test
	void saysNoBeforeTheBodyIsSent() throws Exception {
		String response = RawClient.exchange(this.app.port(),
				String.join("\r\n", "PUT /api/v1/media/media/access HTTP/1.1", "Host: x", "Content-Length: 1000000000",
						"Expect: 100-continue", "Connection: close", "", ""));
		assertThat(response).startsWith("HTTP/1.1 401").doesNotContain("100 Continue");
	}

}
