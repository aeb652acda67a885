package dev.holdfast.app.status;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.app.AppService;
import dev.holdfast.app.RunningApp;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.kafka.KafkaClients;
import dev.holdfast.broker.KafkaBroker;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.model.Version;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the status, health and metrics of a whole app-service say, from the first second
 * without Kafka until everything is replicated.
 */
class StatusHttpTest {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final String TOKEN = "a-token-for-tests-only";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@TempDir
	Path directory;

	private final HttpClient http = HttpClient.newHttpClient();

	private int port;

	@Test
	void tellsWhatWaitsWhileKafkaIsAwayAndThatAllIsReplicatedInTheEnd() throws Exception {
		int kafkaPort;
		try (KafkaBroker broker = KafkaBroker.start(this.directory.resolve("kafka"), 0)) {
			kafkaPort = broker.port();
		}
		HttpServer worker = worker();
		long begun = System.nanoTime();
		Path media = Files.createDirectories(this.directory.resolve("media"));
		Files.writeString(media.resolve("found.txt"), "was here before");
		try (ConfigurableApplicationContext app = AppService.application()
			.run("--server.port=0", "--server.address=127.0.0.1", "--holdfast.api.token=" + TOKEN,
					"--holdfast.data-dir=" + this.directory.resolve("data"), "--holdfast.volumes.media=" + media,
					"--holdfast.scan.settle=0s", "--spring.kafka.bootstrap-servers=127.0.0.1:" + kafkaPort,
					"--holdfast.workers=http://127.0.0.1:" + worker.getAddress().getPort())) {
			this.port = app.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			System.out.printf("app-service started in %d ms without Kafka%n",
					TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
			whileKafkaIsAway();
			try (KafkaBroker _ = KafkaBroker.start(this.directory.resolve("kafka"), kafkaPort)) {
				whenKafkaIsThere(kafkaPort);
			}
			Awaitility.await().atMost(LONG).until(() -> status().at("/kafka/state").asString().equals("down"));
		}
		finally {
			worker.stop(0);
		}
	}

	private void whileKafkaIsAway() throws Exception {
		HttpResponse<String> put = send(
				request("/api/v1/media/media/a%20b/%C3%A9.txt").PUT(HttpRequest.BodyPublishers.ofString("content")));
		assertThat(put.statusCode()).isEqualTo(201);
		JsonNode status = status();
		JsonNode ofVolume = json("/api/v1/status?volume=media");
		assertThat(ofVolume.at("/files")).isEqualTo(status.at("/files"));
		assertThat(ofVolume.at("/volumes")).hasSize(1);
		HttpResponse<String> unknown = send(request("/api/v1/status?volume=avatars").GET());
		assertThat(unknown.statusCode()).isEqualTo(404);
		assertThat(unknown.body()).contains("There is no volume 'avatars': there are media");
		assertThat(status.at("/files").toString())
			.isEqualTo("{\"known\":1,\"replicated\":0,\"pending\":1,\"retrying\":0,\"deadLettered\":0}");
		assertThat(status.at("/bytes/pending").asLong()).isEqualTo(7);
		assertThat(status.at("/outbox/waiting").asLong()).isOne();
		assertThat(status.at("/oldestUnreplicatedAgeSeconds").isNumber()).isTrue();
		assertThat(status.at("/kafka/state").asString()).isEqualTo("down");
		assertThat(status.at("/kafka/reason").asString()).isNotBlank();
		assertThat(status.at("/volumes/0/state").asString()).isEqualTo("available");
		assertThat(status.at("/volumes/0/scan/state").asString()).as("waits for the topics").isEqualTo("waiting");
		assertThat(status.at("/stores").toString())
			.isEqualTo("[{\"name\":\"primary\",\"state\":\"down\",\"reason\":\"bucket is gone\"}]");
		JsonNode file = json("/api/v1/status/media/a%20b/%C3%A9.txt");
		assertThat(file.at("/path").asString()).isEqualTo("a b/é.txt");
		assertThat(file.at("/state").asString()).isEqualTo("pending");
		assertThat(file.at("/outbox").asBoolean()).isTrue();
		assertThat(file.at("/digest").asString()).isEqualTo(digest("content").toString());
		assertThat(send(request("/actuator/health/readiness")).statusCode()).as("takes uploads").isEqualTo(200);
		assertThat(send(request("/actuator/health/liveness")).statusCode()).isEqualTo(200);
		Awaitility.await()
			.atMost(LONG)
			.until(() -> json("/actuator/health").at("/components/kafka/status").asString().equals("DOWN"));
		assertThat(json("/actuator/health").at("/components/kafka/details/reason").asString()).isNotBlank();
	}

	private void whenKafkaIsThere(int kafkaPort) throws Exception {
		Awaitility.await().atMost(LONG).until(() -> status().at("/volumes/0/scan/state").asString().equals("done"));
		Awaitility.await().atMost(LONG).until(() -> status().at("/outbox/waiting").asLong() == 0);
		JsonNode status = status();
		assertThat(status.at("/files/known").asLong()).isEqualTo(2);
		assertThat(status.at("/topics").isEmpty()).isTrue();
		assertThat(status.at("/volumes/0/scan/found/published").asLong()).isOne();
		try (Producer<byte[], byte[]> ledger = KafkaClients.of("127.0.0.1:" + kafkaPort).producer()) {
			ledger
				.send(new ProducerRecord<>(Topics.REPLICAS, "k".getBytes(StandardCharsets.UTF_8),
						"no report".getBytes(StandardCharsets.UTF_8)))
				.get(30, TimeUnit.SECONDS);
			for (JsonNode file : json("/api/v1/files").at("/files")) {
				Replicated report = replicated(file);
				ledger.send(new ProducerRecord<>(Topics.REPLICAS, report.key(), new CloudEventCodec().encode(report)))
					.get(30, TimeUnit.SECONDS);
			}
		}
		Awaitility.await().atMost(LONG).until(() -> status().at("/files/replicated").asLong() == 2);
		Awaitility.await().atMost(LONG).until(() -> status().at("/projection/malformed").asLong() == 1);
		assertThat(status().at("/oldestUnreplicatedAgeSeconds").isNull()).isTrue();
		assertThat(json("/api/v1/status/media/found.txt").at("/replicas/0/objectKey").asString())
			.isEqualTo("media/found.txt");
		assertThat(json("/actuator/health/readiness").at("/status").asString()).isEqualTo("UP");
		Awaitility.await().atMost(LONG).untilAsserted(this::assertMetricsAddUp);
		assertPages();
	}

	private void assertMetricsAddUp() throws Exception {
		String metrics = send(request("/actuator/prometheus")).body();
		assertThat(sum(metrics, "holdfast_files_known")).isEqualTo(2).isEqualTo(sum(metrics, "holdfast_files{"));
		assertThat(sum(metrics, "holdfast_bytes_known")).isEqualTo(22).isEqualTo(sum(metrics, "holdfast_bytes{"));
		assertThat(sum(metrics, "holdfast_outbox_inherited") + sum(metrics, "holdfast_outbox_accepted_total"))
			.isEqualTo(2)
			.isEqualTo(sum(metrics, "holdfast_outbox_published_total") + sum(metrics, "holdfast_outbox_waiting"));
		assertThat(sum(metrics, "holdfast_projection_read_total")).isEqualTo(5)
			.isEqualTo(sum(metrics, "holdfast_projection_records_total{"));
		assertThat(sum(metrics, "holdfast_scan_seen{")).isEqualTo(2).isEqualTo(sum(metrics, "holdfast_scan_names{"));
	}

	private void assertPages() throws Exception {
		JsonNode first = json("/api/v1/files?volume=media&limit=1");
		assertThat(first.at("/files/0/path").asString()).isEqualTo("a b/é.txt");
		JsonNode second = json("/api/v1/files?volume=media&limit=1&after=" + first.at("/next").asString());
		assertThat(second.at("/files/0/path").asString()).isEqualTo("found.txt");
		assertThat(second.at("/next").isNull()).isTrue();
		assertThat(json("/api/v1/files?volume=media&prefix=fo").at("/files").size()).isOne();
		assertThat(json("/api/v1/files?state=pending").at("/files").size()).isZero();
	}

	@Test
	void theOnlyVolumeIsToldWithItsOwnFilesAlsoWhereAnotherWasTakenOutOfTheSettings() throws Exception {
		Path media = Files.createDirectories(this.directory.resolve("media"));
		try (ConfigurableApplicationContext app = AppService.application()
			.run("--server.port=0", "--server.address=127.0.0.1", "--holdfast.api.token=" + TOKEN,
					"--holdfast.data-dir=" + this.directory.resolve("data"), "--holdfast.volumes.media=" + media,
					"--holdfast.scan.on-start=false", "--spring.kafka.bootstrap-servers=127.0.0.1:1")) {
			this.port = app.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			Catalog catalog = app.getBean(Catalog.class);
			recordStored(catalog, MediaId.of("taken-out", "a"), Instant.parse("2026-11-20T12:00:00Z"));
			assertThat(json("/api/v1/status?volume=media").at("/files/known").asLong()).isZero();
			assertThat(json("/api/v1/status?volume=media").at("/oldestUnreplicatedAgeSeconds").isNull()).isTrue();
			assertThat(json("/api/v1/status").at("/files/known").asLong()).isOne();
			recordStored(catalog, MediaId.of("media", "b"), Instant.now());
			assertThat(json("/api/v1/status?volume=media").at("/files/known").asLong()).isOne();
			assertThat(json("/api/v1/status").at("/files/known").asLong()).isEqualTo(2);
			assertThat(json("/api/v1/status/taken-out/a").at("/state").asString()).isEqualTo("pending");
			assertThat(send(request("/api/v1/status/taken-out/b")).body()).contains("no-such-volume");
		}
	}

	private static void recordStored(Catalog catalog, MediaId id, Instant modified) {
		catalog.recordStored(id, new FileStamp(1, 1, 1, 1), (version) -> new MediaStored(id, version, 1, digest("a"),
				"text/plain", modified, "1000:1000", 0644, Origin.SCAN));
	}

	@Test
	void malformedQuestionsAreAnsweredWithProblems() throws Exception {
		RunningApp app = RunningApp.shared();
		for (String address : List.of("/api/v1/files?limit=0", "/api/v1/files?limit=x", "/api/v1/files?state=lost",
				"/api/v1/files?prefix=a", "/api/v1/files?volume=No%20Volume", "/api/v1/files?after=%25",
				"/api/v1/status/media/a%2Fb", "/api/v1/status/media/../x")) {
			HttpResponse<String> answer = app.send(app.request(address));
			assertThat(answer.statusCode()).as(address).isEqualTo(400);
			assertThat(answer.headers().firstValue("Content-Type").orElse("")).as(address)
				.startsWith("application/problem+json");
		}
		HttpResponse<String> nothing = app.send(app.request("/api/v1/status/media/nothing"));
		assertThat(nothing.statusCode()).isEqualTo(404);
		assertThat(nothing.body()).contains("no-such-media", "Nothing is known of a media file 'media/nothing'");
		HttpResponse<String> misspelt = app.send(app.request("/api/v1/status/medai/nothing"));
		assertThat(misspelt.statusCode()).isEqualTo(404);
		assertThat(misspelt.body()).contains("no-such-volume", "There is no volume 'medai': there are media, other");
		HttpRequest.Builder anonymous = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/api/v1/status"));
		assertThat(app.send(anonymous).statusCode()).isEqualTo(401);
	}

	private static HttpServer worker() throws IOException {
		HttpServer worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		worker.createContext("/api/v1/worker/status", (exchange) -> {
			boolean known = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
				.equals(Optional.of("Bearer " + TOKEN));
			byte[] body = "{\"store\":{\"name\":\"primary\",\"state\":\"down\",\"reason\":\"bucket is gone\"}}"
				.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(known ? 200 : 401, body.length);
			try (var response = exchange.getResponseBody()) {
				response.write(body);
			}
		});
		worker.start();
		return worker;
	}

	private static Replicated replicated(JsonNode file) {
		MediaId id = MediaId.of(file.at("/volume").asString(), file.at("/path").asString());
		String digest = file.at("/digest").asString();
		return new Replicated(id, Version.parse(file.at("/version").asString()), StoreName.PRIMARY, Instant.now(),
				"holdfast", id.toString(), "v1", "etag", file.at("/size").asLong(),
				new Digest(digest.substring(digest.indexOf(':') + 1)), 1);
	}

	private static double sum(String metrics, String start) {
		List<Double> values = new ArrayList<>();
		for (String line : metrics.lines().collect(Collectors.toList())) {
			if (line.startsWith(start) && !line.contains("found=\"missing\"")) {
				values.add(Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)));
			}
		}
		assertThat(values).as("metrics that begin with %s", start).isNotEmpty();
		return values.stream().mapToDouble(Double::doubleValue).sum();
	}

	private static Digest digest(String content) {
		return Digest.of(content.getBytes(StandardCharsets.UTF_8));
	}

	private JsonNode status() throws Exception {
		return json("/api/v1/status");
	}

	private JsonNode json(String path) throws Exception {
		return JSON.readTree(send(request(path)).body());
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.timeout(LONG)
			.header("Authorization", "Bearer " + TOKEN);
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
	}

}
