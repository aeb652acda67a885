package dev.holdfast.it.never;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.FaultyStore.Fault;
import dev.holdfast.it.harness.FaultyStore;
import dev.holdfast.it.harness.Http;
import dev.holdfast.it.harness.Part;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 9: a secret in a log, an event, an error or the dashboard. The API token and the
 * store's secret key are looked for everywhere after everything has gone wrong.
 */
class NoSecretIsToldIT {

	@RegisterExtension
	static final Running RUNNING = Running.stack(() -> Stack.named("secrets")
		.faulty()
		.worker(Stack.SHORT_LANES, "--logging.level.dev.holdfast=DEBUG")
		.app("--logging.level.dev.holdfast=DEBUG")
		.build());

	private final Stack stack = RUNNING.get();

	private final FaultyStore store = this.stack.faulty();

	@Test
	void secretsAreNowhereAfterErrorsOfEveryKind() throws IOException {
		Map<String, String> told = new TreeMap<>();
		refusedByTheStore();
		failingStore();
		poison();
		wrongRequests(told);
		this.stack.s3().kill();
		this.stack.api().upload("media/secrets/while the store is away", Bytes.of("x"));
		Stack.await("the store to be seen down").until(() -> this.stack.api().status().toString().contains("\"down\""));
		pages(told);
		this.stack.up();
		this.stack.broker().kill();
		this.stack.api().upload("media/secrets/while Kafka is away", Bytes.of("x"));
		pages(told);
		this.stack.broker().up();
		this.stack.awaitReplicated("media/secrets/while Kafka is away");
		pages(told);
		this.stack.app().terminate();
		this.stack.worker().terminate();

		for (String topic : List.of(Topics.EVENTS, Topics.REPLICAS, Topics.RETRIES, Topics.DEAD_LETTERS)) {
			this.stack.log()
				.records(topic)
				.forEach((record) -> told.merge("topic " + topic, text(record), String::concat));
		}
		for (Part part : this.stack.parts()) {
			told.put("log of " + part.name(), part.log());
		}
		// The S3 endpoint says nothing unless something is wrong with it.
		assertThat(told).hasSizeGreaterThan(20)
			.allSatisfy((where, text) -> assertThat(where.equals("log of s3") || !text.isEmpty()).as(where).isTrue());
		for (String secret : this.stack.secrets()) {
			told.forEach((where, text) -> assertThat(text.contains(secret)).as("secret in %s", where).isFalse());
		}
	}

	/** The store says who it thinks we are, as S3 does where a signature is wrong. */
	private void refusedByTheStore() {
		String file = "media/secrets/denied";
		this.store.fault((call, real) -> call.refuse(403, "SignatureDoesNotMatch"));
		this.stack.api().upload(file, Bytes.of("x"));
		Stack.await("the refusal to be seen").until(() -> this.stack.api().status().toString().contains("\"down\""));
		this.store.behave();
		this.stack.awaitReplicated(file);
	}

	private void failingStore() {
		String file = "media/secrets/failing";
		this.store
			.fault(((Fault) (call, real) -> call.refuse(500, "InternalError")).times(20).on((call) -> call.puts(file)));
		this.stack.api().upload(file, Bytes.of("x"));
		this.stack.awaitReplicated(file);
	}

	private void poison() {
		this.stack.log().publish(Topics.EVENTS, Bytes.of("media/poison"), Bytes.of("{\"specversion\":\"0.3\"}"));
		Stack.await("the poison to be a dead letter").until(() -> this.stack.log().deadLetters().size() == 1);
	}

	private void wrongRequests(Map<String, String> told) throws IOException {
		URI base = this.stack.api().base();
		String token = this.stack.api().token();
		List<HttpRequest.Builder> requests = new ArrayList<>();
		requests.add(HttpRequest.newBuilder(base.resolve("/api/v1/status")).GET());
		requests.add(HttpRequest.newBuilder(base.resolve("/api/v1/status")).header("Authorization", "Bearer wrong"));
		requests.add(HttpRequest.newBuilder(base.resolve("/api/v1/status")).header("Authorization", "Basic " + token));
		requests.add(HttpRequest.newBuilder(base.resolve("/api/v1/status")).header("Authorization", token));
		requests.add(this.stack.api().request("/api/v1/media/media/.holdfast/x").PUT(body()));
		requests.add(this.stack.api().request("/api/v1/media/nowhere/x").PUT(body()));
		requests.add(this.stack.api().request("/api/v1/media/media/nothing"));
		requests.add(this.stack.api().request("/api/v1/status/media/nothing"));
		requests.add(this.stack.api().request("/api/v1/files?limit=x"));
		requests.add(this.stack.api()
			.request("/api/v1/media/media/digest")
			.header("Content-Digest", "sha-256=:AAAA:")
			.PUT(body()));
		requests.add(this.stack.api().request("/api/v1/nothing"));
		requests.add(this.stack.api().request("/nothing"));
		requests.add(this.stack.api().request("/api/v1/status").method("PATCH", body()));
		for (int i = 0; i < requests.size(); i++) {
			Answer answer = Http.send(requests.get(i));
			assertThat(answer.status()).as("request %s: %s", i, answer).isBetween(400, 499);
			told.put("answer " + i, answer + " " + answer.headers());
		}
	}

	private void pages(Map<String, String> told) throws IOException {
		for (String page : List.of("/api/v1/status", "/api/v1/files", "/api/v1/status/media/secrets/failing",
				"/actuator/health", "/actuator/prometheus", "/actuator/health/readiness", "/actuator/env",
				"/actuator/configprops", "/actuator/info", "/api/v1/openapi.yaml")) {
			told.merge(page, Http.send(this.stack.api().request(page)).toString(), String::concat);
			told.merge("worker " + page, Http
				.send(HttpRequest.newBuilder(this.stack.workerUri().resolve(page))
					.header("Authorization", "Bearer " + this.stack.api().token()))
				.toString(), String::concat);
		}
		told.merge("worker status", Http
			.send(HttpRequest.newBuilder(this.stack.workerUri().resolve("/api/v1/worker/status"))
				.header("Authorization", "Bearer " + this.stack.api().token()))
			.toString(), String::concat);
	}

	private static HttpRequest.BodyPublisher body() {
		return HttpRequest.BodyPublishers.ofString("x");
	}

	private static String text(ConsumerRecord<byte[], byte[]> record) {
		StringBuilder text = new StringBuilder(new String(record.key(), StandardCharsets.UTF_8));
		if (record.value() != null) {
			text.append(new String(record.value(), StandardCharsets.UTF_8));
		}
		record.headers()
			.forEach((header) -> text.append(header.key()).append(new String(header.value(), StandardCharsets.UTF_8)));
		return text.toString();
	}

}
