package dev.holdfast.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A decision goes out with what it is about.
 */
class DeletesCommandTest {

	private static final String HELD = """
			{"volumes":[{"volume":"media","hold":{"deletes":25,"overwrites":0,"asOf":41,
			"latest":"2026-11-22T12:00:00Z"},"approving":0,"rejected":0}]}""";

	private static final String DECIDED = """
			{"volume":"media","decision":"approve","dryRun":false,"deletes":25,"overwrites":0,"back":0,
			"left":{"deletes":0,"overwrites":5000}}""";

	@TempDir
	Path directory;

	private final StringWriter out = new StringWriter();

	private final List<String> decisions = Collections.synchronizedList(new ArrayList<>());

	private final StringWriter err = new StringWriter();

	private final List<String> questions = Collections.synchronizedList(new ArrayList<>());

	private final HttpServer api;

	DeletesCommandTest() throws IOException {
		this.api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
	}

	@BeforeEach
	void start() throws IOException {
		this.api.createContext("/", this::answer);
		this.api.start();
		new Connection("http://127.0.0.1:" + this.api.getAddress().getPort(), "token", "127.0.0.1:1",
				new Connection.S3(null, null, "bucket", null, null), "primary", "http://127.0.0.1:1", Map.of(), 1)
			.write(DataDirectory.connectionFile(this.directory));
	}

	@AfterEach
	void stop() {
		this.api.stop(0);
	}

	@Test
	void approve_showsWhatItIsAboutAndDecidesAboutNoMore() {
		assertThat(run("deletes", "approve")).isZero();
		assertThat(this.decisions).containsExactly("/api/v1/holds/media/approve?dry-run=false&as-of=41");
		assertThat(this.out.toString())
			.startsWith("volume media: 25 deletes and 0 overwrites held, the latest seen at ")
			.contains("approved 25 deletes", "5000 overwrites were held since");
	}

	@Test
	void reject_isAboutWhatAListHasShownBefore() {
		assertThat(run("deletes", "reject", "--volume", "media", "--as-of", "17", "--dry-run")).isZero();
		assertThat(this.decisions).containsExactly("/api/v1/holds/media/reject?dry-run=true&as-of=17");
	}

	@Test
	void approve_ofAVolumeOfWhichNothingIsShownIsAboutNothing() {
		assertThat(run("deletes", "approve", "--volume", "other", "--json")).isZero();
		assertThat(this.decisions).containsExactly("/api/v1/holds/other/approve?dry-run=false&as-of=0");
		assertThat(this.out.toString()).as("the answer as it is").isEqualTo(DECIDED + "\n");
	}

	@Test
	void list_ofAVolumeAsksForThatAndSaysWhereThereIsNone() {
		assertThat(run("deletes", "list", "--volume", "media", "--json")).isZero();
		assertThat(this.questions).containsExactly("/api/v1/holds?volume=media");
		assertThat(this.out.toString()).isEqualTo(HELD + "\n");
		assertThat(run("deletes", "list", "--volume", "medai")).isEqualTo(ExitCode.FAILED);
		assertThat(this.err.toString()).contains("There is no volume 'medai': there are media");
	}

	@Test
	void status_ofAFileSaysWhereThereIsNoSuchVolume() {
		assertThat(run("status", "--volume", "medai", "a b.png")).isEqualTo(ExitCode.FAILED);
		assertThat(this.questions).containsExactly("/api/v1/status/medai/a%20b.png");
		assertThat(this.err.toString()).contains("There is no volume 'medai': there are media");
	}

	private void answer(HttpExchange exchange) throws IOException {
		String address = exchange.getRequestURI().toString();
		if (address.contains("medai")) {
			this.questions.add(address);
			respond(exchange, 404, "{\"detail\":\"There is no volume 'medai': there are media\"}");
			return;
		}
		boolean decision = exchange.getRequestMethod().equals("POST");
		if (decision) {
			this.decisions.add(address);
		}
		else {
			this.questions.add(address);
		}
		respond(exchange, 200, decision ? DECIDED : HELD);
	}

	private static void respond(HttpExchange exchange, int status, String json) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	private int run(String... args) {
		List<String> all = new ArrayList<>(List.of(args));
		all.addAll(List.of("--data", this.directory.toString()));
		CommandLine line = Holdfast.commandLine();
		line.setOut(new PrintWriter(this.out, true));
		line.setErr(new PrintWriter(this.err, true));
		return line.execute(all.toArray(String[]::new));
	}

}
