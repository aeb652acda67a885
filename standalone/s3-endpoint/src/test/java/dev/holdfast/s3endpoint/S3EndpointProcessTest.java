package dev.holdfast.s3endpoint;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class S3EndpointProcessTest {

	private static final Path JARS = Path.of(System.getProperty("holdfast.s3.jars"));

	@TempDir
	Path data;

	@Test
	void restartOnTheSameDirectoryAndPort_keepsObjectsAndVersioning() throws Exception {
		int port;
		try (S3EndpointProcess endpoint = S3EndpointProcess.start(JARS, this.data, 0)) {
			port = endpoint.port();
			put(endpoint, "/bucket", "");
			put(endpoint, "/bucket?versioning",
					"<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>Enabled</Status></VersioningConfiguration>");
			put(endpoint, "/bucket/dir/a.txt", "kept");
			endpoint.kill();
			assertThat(endpoint.isAlive()).isFalse();
		}
		try (S3EndpointProcess endpoint = S3EndpointProcess.start(JARS, this.data, port)) {
			assertThat(endpoint.uri()).isEqualTo(URI.create("http://127.0.0.1:" + port));
			assertThat(get(endpoint, "/bucket/dir/a.txt")).isEqualTo("kept");
			assertThat(get(endpoint, "/bucket?versioning")).contains("<Status>Enabled</Status>");
		}
	}

	@Test
	void runningEndpoints_takeNoCarrierOfVirtualThreads() {
		try (S3EndpointProcess _ = S3EndpointProcess.start(JARS, this.data, 0)) {
			assertThat(Thread.getAllStackTraces().keySet()).as("platform threads")
				.anyMatch((thread) -> thread.getName().equals("s3-endpoint-output"));
		}
	}

	@Test
	void close_endsTheProcess() {
		S3EndpointProcess endpoint = S3EndpointProcess.start(JARS, this.data, 0);
		endpoint.close();
		assertThat(endpoint.isAlive()).isFalse();
	}

	@Test
	void endpoint_listensOnLoopbackOnly() throws Exception {
		try (S3EndpointProcess endpoint = S3EndpointProcess.start(JARS, this.data, 0)) {
			assertThat(connects(InetAddress.ofLiteral("127.0.0.1"), endpoint.port())).isTrue();
			List<InetAddress> others = NetworkInterface.networkInterfaces()
				.flatMap(NetworkInterface::inetAddresses)
				.filter((address) -> !address.isLoopbackAddress())
				.toList();
			assertThat(others).noneMatch((address) -> connects(address, endpoint.port()));
		}
	}

	@Test
	void endpoint_endsWithAKilledParent() throws Exception {
		Process parent = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), ParentMain.class.getName(), JARS.toString(),
				this.data.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (var output = parent.inputReader()) {
			ProcessHandle child = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
			assertThat(child.isAlive()).isTrue();
			parent.destroyForcibly();
			assertThat(child.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
		}
		finally {
			parent.destroyForcibly();
		}
	}

	@Test
	void start_saysThatThePortIsInUse() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatExceptionOfType(S3EndpointException.class)
				.isThrownBy(() -> S3EndpointProcess.start(JARS, this.data, other.getLocalPort()))
				.withMessageContaining("port " + other.getLocalPort() + " is in use");
		}
	}

	@Test
	void start_saysThatItIsNotBuilt() {
		assertThatExceptionOfType(S3EndpointException.class)
			.isThrownBy(() -> S3EndpointProcess.start(this.data.resolve("none"), this.data, 0))
			.withMessageContaining("build Holdfast first");
	}

	private static boolean connects(InetAddress address, int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(address, port), 2_000);
			return true;
		}
		catch (java.io.IOException ex) {
			return false;
		}
	}

	private static void put(S3EndpointProcess endpoint, String path, String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(endpoint.uri().resolve(path))
			.PUT(BodyPublishers.ofString(body))
			.build();
		assertThat(send(request).statusCode()).isEqualTo(200);
	}

	private static String get(S3EndpointProcess endpoint, String path) throws Exception {
		HttpResponse<String> response = send(HttpRequest.newBuilder(endpoint.uri().resolve(path)).build());
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body();
	}

	private static HttpResponse<String> send(HttpRequest request) throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			return client.send(request, BodyHandlers.ofString());
		}
	}

}
