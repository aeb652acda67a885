package dev.holdfast.worker.health;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.holdfast.model.Digest;
import dev.holdfast.worker.engine.EngineStatus;
import dev.holdfast.worker.retry.GateStatus;
import dev.holdfast.worker.store.StoreProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * How the worker is doing, for app-service's status page and for people.
 */
@RestController
class StatusController {

	private static final String SCHEME = "Bearer ";

	private final EngineStatus engine;

	private final StoreProperties store;

	private final byte @Nullable [] token;

	StatusController(EngineStatus engine, StoreProperties store, ApiProperties api) {
		this.engine = engine;
		this.store = store;
		String configured = api.token();
		this.token = (configured != null) ? digestOf(configured) : null;
	}

	/** What the status says. */
	record WorkerStatus(Store store, Map<String, Store> volumes, boolean consuming, boolean paused, long inFlight,
			long inFlightBytes, int waitingRetries, int gap) {
	}

	/** What the status says of the store, or of a volume. */
	record Store(String name, @Nullable String bucket, String state, Instant since, String reason) {
	}

	@GetMapping("/api/v1/worker/status")
	ResponseEntity<?> status(
			@RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String header) {
		if (!isAllowed(header)) {
			ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.UNAUTHORIZED, (this.token == null)
					? "This worker has no token: set holdfast.api.token" : "Present the API's token as a bearer token");
			return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
				.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
				.body(problem);
		}
		Map<String, Store> volumes = new TreeMap<>();
		this.engine.volumes()
			.forEach((name, status) -> volumes.put(name.value(), describe(name.value(), null, status)));
		return ResponseEntity.ok(new WorkerStatus(describe(this.store.name(), this.store.bucket(), this.engine.store()),
				volumes, this.engine.isConsuming(), this.engine.isPaused(), this.engine.inFlight(),
				this.engine.inFlightBytes(), this.engine.waitingRetries(), this.engine.gap()));
	}

	private static Store describe(String name, @Nullable String bucket, GateStatus status) {
		return new Store(name, bucket, status.state().name().toLowerCase(Locale.ROOT), status.since(), status.reason());
	}

	private boolean isAllowed(@Nullable String header) {
		byte[] expected = this.token;
		return expected != null && header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
				&& MessageDigest.isEqual(expected, digestOf(header.substring(SCHEME.length())));
	}

	/** So that comparing takes the same time whatever was sent. */
	private static byte[] digestOf(String candidate) {
		return Digest.of(candidate.getBytes(StandardCharsets.UTF_8)).bytes();
	}

}
