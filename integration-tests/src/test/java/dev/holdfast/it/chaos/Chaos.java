package dev.holdfast.it.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Part;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.it.harness.Totals;
import dev.holdfast.model.Digest;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Kills parts at random while clients upload, lets everything come to rest, and looks
 * whether every promise was kept.
 * <p>
 * The seed decides which part is killed after how many uploads and when it comes back.
 * What the processes are doing at that moment it cannot decide, so that a seed makes a
 * failure likely to come again, not certain.
 */
final class Chaos {

	private static final int CLIENTS = 4;

	private static final int MOST_UPLOADS_BETWEEN_KILLS = 50;

	private static final int LONGEST_ABSENCE_MILLIS = 3_000;

	private static final Duration COMES_TO_REST_WITHIN = Duration.ofMinutes(4);

	private final Stack stack;

	private final int kills;

	private final long seed;

	private final Map<String, Integer> killed = new TreeMap<>();

	private final List<String> findings = new ArrayList<>();

	private final Instant begun = Instant.now();

	Chaos(Stack stack, int kills, long seed) {
		this.stack = stack;
		this.kills = kills;
		this.seed = seed;
	}

	/**
	 * What was done and what was found.
	 *
	 * @param text for people
	 * @param findings every broken promise, none where all is well
	 */
	record Report(String text, List<String> findings) {

		Report {
			findings = List.copyOf(findings);
		}

	}

	Report run() throws InterruptedException {
		try (Load load = new Load(this.stack.api(), CLIENTS)) {
			load.start(this.seed);
			Instant killing = Instant.now();
			killAndRestart(load);
			load.stop();
			Duration killedFor = Duration.between(killing, Instant.now());
			this.stack.up();
			Instant quiet = Instant.now();
			Totals totals = comeToRest();
			Duration rest = Duration.between(quiet, Instant.now());
			check(load, totals);
			return new Report(
					"Chaos, seed %d: %d kills %s in %d s, %s; at rest after %d s with %s; %d findings; %d s in all"
						.formatted(this.seed, this.kills, this.killed, killedFor.toSeconds(), load, rest.toSeconds(),
								totals, this.findings.size(), Duration.between(this.begun, Instant.now()).toSeconds()),
					this.findings);
		}
	}

	private void killAndRestart(Load load) throws InterruptedException {
		Random random = new Random(this.seed);
		List<Future<?>> restarts = new ArrayList<>();
		try (ScheduledExecutorService later = Executors.newScheduledThreadPool(4)) {
			for (int kill = 0; kill < this.kills; kill++) {
				awaitUploads(load, load.uploads() + 1 + random.nextInt(MOST_UPLOADS_BETWEEN_KILLS));
				List<Part> parts = this.stack.parts();
				Part part = parts.get(random.nextInt(parts.size()));
				Stack.await(part.name() + " to be there to be killed").until(part::isAlive);
				part.kill();
				this.killed.merge(part.name(), 1, Integer::sum);
				restarts
					.add(later.schedule(part::start, random.nextInt(LONGEST_ABSENCE_MILLIS), TimeUnit.MILLISECONDS));
			}
			for (Future<?> restart : restarts) {
				restart.get();
			}
		}
		catch (ExecutionException ex) {
			throw new AssertionError("A part could not be started again", ex.getCause());
		}
	}

	private void awaitUploads(Load load, int wanted) {
		Stack.await("uploads to be acknowledged again, so far " + load)
			.atMost(Part.STARTS_WITHIN)
			.pollInterval(Duration.ofMillis(20))
			.until(() -> load.checked().uploads() >= wanted);
	}

	private Totals comeToRest() {
		try {
			return Stack.await("nothing to wait any more")
				.atMost(COMES_TO_REST_WITHIN)
				.until(this.stack::totals, (totals) -> totals.pending() == 0 && totals.retrying() == 0
						&& this.stack.api().status().path("outbox").path("waiting").asInt() == 0);
		}
		catch (ConditionTimeoutException ex) {
			this.findings.add("It does not come to rest: " + this.stack.api().status());
			return this.stack.totals();
		}
	}

	private void check(Load load, Totals totals) {
		Map<String, Optional<Digest>> stored = new TreeMap<>();
		load.promises().entrySet().parallelStream().forEach((entry) -> {
			Optional<Digest> found = this.stack.bucket().digest(entry.getKey());
			synchronized (stored) {
				stored.put(entry.getKey(), found);
			}
		});
		load.promises().forEach((file, promise) -> {
			Optional<Digest> found = stored.getOrDefault(file, Optional.empty());
			if (!promise.allows(found)) {
				this.findings.add("In the store, " + file + " is " + found + ", promised was " + promise + "; status "
						+ this.stack.api().status(file));
			}
		});
		long there = stored.values().stream().filter(Optional::isPresent).count();
		if (!totals.addUp() || totals.known() != there || totals.replicated() != there) {
			this.findings.add("Totals do not add up to the " + there + " files in the store: " + totals);
		}
		Ledger.lies(this.stack).forEach((lie) -> this.findings.add("The ledger lies: " + lie));
		this.stack.log().deadLetters().forEach((letter) -> this.findings.add("A dead letter: " + letter));
		checkEvents(load);
	}

	private void checkEvents(Load load) {
		Set<Acknowledged> published = new HashSet<>();
		this.stack.log()
			.stored()
			.forEach((event) -> published
				.add(new Acknowledged(event.id().toString(), event.version(), event.digest(), event.size())));
		for (Acknowledged upload : load.acknowledged()) {
			if (!published.contains(upload)) {
				this.findings.add("Acknowledged and not on the topic: " + upload);
			}
		}
	}

}
