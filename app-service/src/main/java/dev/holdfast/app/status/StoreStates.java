package dev.holdfast.app.status;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The state of the stores, as their workers tell it. app-service itself speaks to no
 * store. An answer counts for a moment, so that many who look at the status do not become
 * many requests.
 */
final class StoreStates {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final List<URI> workers;

	private final @Nullable String token;

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

	/** The store that each worker told of when it last answered. */
	private final Map<URI, String> names = new ConcurrentHashMap<>();

	private @Nullable Answer last;

	StoreStates(List<URI> workers, @Nullable String token) {
		this.workers = workers;
		this.token = (token == null || token.isBlank()) ? null : token;
	}

	/**
	 * A store's state.
	 *
	 * @param name the store's name, or the worker's address where it never answered
	 * @param state {@code up}, {@code down} or {@code unknown}
	 * @param reason why it is not up
	 */
	record StoreState(String name, String state, @Nullable String reason) {

	}

	/**
	 * The stores of all workers. Returns within some two seconds.
	 */
	synchronized List<StoreState> current() {
		Answer present = this.last;
		if (present != null && System.nanoTime() - present.at() < TIMEOUT.toNanos()) {
			return present.states();
		}
		List<CompletableFuture<StoreState>> asked = this.workers.stream().map(this::ask).toList();
		Map<String, StoreState> byStore = new LinkedHashMap<>();
		asked.forEach((answer) -> byStore.merge(answer.join().name(), answer.join(), StoreStates::better));
		List<StoreState> states = List.copyOf(new ArrayList<>(byStore.values()));
		this.last = new Answer(states, System.nanoTime());
		return states;
	}

	/**
	 * Several workers may serve one store: it is up where one of them reaches it.
	 */
	private static StoreState better(StoreState one, StoreState other) {
		return other.state().equals("up") || one.state().equals("unknown") ? other : one;
	}

	private CompletableFuture<StoreState> ask(URI worker) {
		String base = worker.toString();
		URI address = URI.create(base + (base.endsWith("/") ? "" : "/") + "api/v1/worker/status");
		HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(TIMEOUT);
		if (this.token != null) {
			request.header("Authorization", "Bearer " + this.token);
		}
		return this.http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
			.thenApply((response) -> read(worker, response))
			.exceptionally((met) -> unknown(worker, "does not answer: " + cause(met)));
	}

	private StoreState read(URI worker, HttpResponse<byte[]> response) {
		if (response.statusCode() != 200) {
			return unknown(worker, "answers with status " + response.statusCode()
					+ ((response.statusCode() == 401) ? ": set holdfast.worker-token to the token that it takes" : ""));
		}
		try {
			JsonNode store = JSON.readTree(response.body()).path("store");
			String name = store.path("name").asString("");
			String state = store.path("state").asString("");
			if (name.isEmpty() || !(state.equals("up") || state.equals("down"))) {
				return unknown(worker, "answers something that is no worker's status");
			}
			this.names.put(worker, name);
			JsonNode reason = store.path("reason");
			return new StoreState(name, state, reason.isString() ? reason.asString() : null);
		}
		catch (JacksonException ex) {
			return unknown(worker, "answers something that is no JSON");
		}
	}

	private StoreState unknown(URI worker, String why) {
		return new StoreState(this.names.getOrDefault(worker, worker.toString()), "unknown",
				"Worker " + worker + " " + why);
	}

	private static String cause(Throwable met) {
		Throwable cause = (met.getCause() instanceof IOException io) ? io : met;
		return (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
	}

	private record Answer(List<StoreState> states, long at) {

	}

}
