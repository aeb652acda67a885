package dev.holdfast.it.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Api;
import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.model.Digest;

/**
 * Clients that upload, replace and delete files without a pause, and remember what they
 * were promised. Each has files of its own, so that it knows what must be there in the
 * end.
 */
final class Load implements AutoCloseable {

	private static final int PATHS_PER_CLIENT = 150;

	/** Keeps the load within what two cores do with everything on them. */
	private static final Duration PACE = Duration.ofMillis(15);

	private static final int LARGE = 34_000_000;

	private final Api api;

	private final int clients;

	private final ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();

	private final Map<String, Promise> promises = new ConcurrentHashMap<>();

	private final Map<String, Acknowledged> acknowledged = new ConcurrentHashMap<>();

	private final AtomicInteger uploads = new AtomicInteger();

	private final AtomicInteger deletes = new AtomicInteger();

	private final AtomicInteger unanswered = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final Semaphore beat = new Semaphore(0);

	private final ScheduledExecutorService metronome = Executors.newSingleThreadScheduledExecutor();

	private final List<Future<?>> running = new ArrayList<>();

	private volatile boolean stopped;

	Load(Api api, int clients) {
		this.api = api;
		this.clients = clients;
	}

	/**
	 * What must become of a file. A request that got no answer may have been carried out
	 * or not, so that either outcome is right until the next answer.
	 *
	 * @param certain what the last answer promised, empty for a deleted file
	 * @param possible what an unanswered request may have made of it; {@code null} where
	 * the last request was answered
	 */
	record Promise(Optional<Digest> certain, Optional<Optional<Digest>> possible) {

		boolean allows(Optional<Digest> found) {
			return found.equals(this.certain) || (this.possible.isPresent() && found.equals(this.possible.get()));
		}

	}

	void start(long seed) {
		Future<?> _ = this.metronome.scheduleAtFixedRate(this::tick, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
		for (int client = 0; client < this.clients; client++) {
			int number = client;
			this.running.add(this.pool.submit(() -> run(number, new Random(seed + number))));
		}
	}

	private void run(int client, Random random) {
		for (int i = 0; !this.stopped; i++) {
			this.beat.acquireUninterruptibly();
			String file = "media/chaos/" + client + "/" + random.nextInt(PATHS_PER_CLIENT);
			boolean deletes = random.nextInt(20) == 0 && this.promises.containsKey(file);
			if (deletes) {
				delete(file);
			}
			else if (client == 0 && i % 40 == 20) {
				upload("media/chaos/large/" + random.nextInt(2), Bytes.random(random.nextLong(), LARGE));
			}
			else {
				upload(file, Bytes.random(random.nextLong(), size(random)));
			}
		}
	}

	/** Beats that nobody was there for are not made up for. */
	private void tick() {
		if (this.beat.availablePermits() == 0) {
			this.beat.release();
		}
	}

	private static int size(Random random) {
		return switch (random.nextInt(20)) {
			case 0 -> 0;
			case 1 -> 500_000 + random.nextInt(1_500_000);
			case 2, 3, 4 -> random.nextInt(200_000);
			default -> random.nextInt(20_000);
		};
	}

	private void upload(String file, byte[] content) {
		Digest digest = Digest.of(content);
		try {
			Answer answer = this.api.put(file, content);
			if (answer.status() == 200 || answer.status() == 201) {
				Acknowledged promise = Api.acknowledged(file, answer, digest);
				this.acknowledged.put(file + "@" + promise.version(), promise);
				this.promises.put(file, new Promise(Optional.of(digest), Optional.empty()));
				this.uploads.incrementAndGet();
			}
			else if (answer.status() >= 500) {
				unanswered(file, Optional.of(digest));
				this.refused.incrementAndGet();
			}
			else {
				throw new AssertionError("Upload of " + file + " was answered " + answer);
			}
		}
		catch (IOException _) {
			unanswered(file, Optional.of(digest));
		}
	}

	private void delete(String file) {
		try {
			Answer answer = this.api.delete(file);
			if (answer.status() == 204 || answer.status() == 404) {
				this.promises.put(file, new Promise(Optional.empty(), Optional.empty()));
				this.deletes.incrementAndGet();
			}
			else {
				unanswered(file, Optional.empty());
				this.refused.incrementAndGet();
			}
		}
		catch (IOException _) {
			unanswered(file, Optional.empty());
		}
	}

	/**
	 * Asks what became of it before anything else is done to the file, so that there is
	 * never more than one request whose outcome is not known.
	 */
	private void unanswered(String file, Optional<Digest> wanted) {
		this.unanswered.incrementAndGet();
		Promise before = this.promises.getOrDefault(file, new Promise(Optional.empty(), Optional.empty()));
		this.promises.put(file, new Promise(before.certain(), Optional.of(wanted)));
		while (!this.stopped) {
			try {
				Answer answer = this.api.get(file);
				if (answer.status() == 200 || answer.status() == 404) {
					Optional<Digest> found = (answer.status() == 200) ? Optional.of(Digest.of(answer.body()))
							: Optional.empty();
					if (!Objects.requireNonNull(this.promises.get(file)).allows(found)) {
						throw new AssertionError(
								file + " has " + found + " and was promised " + this.promises.get(file));
					}
					this.promises.put(file, new Promise(found, Optional.empty()));
					return;
				}
			}
			catch (IOException _) {
				this.beat.acquireUninterruptibly();
			}
		}
	}

	/**
	 * Lets the clients finish what they are doing and stop.
	 * @throws AssertionError where one of them was told what cannot be
	 */
	void stop() throws InterruptedException {
		this.stopped = true;
		check(true);
	}

	/**
	 * This, where no client was told what cannot be so far.
	 */
	Load checked() throws InterruptedException {
		check(false);
		return this;
	}

	private void check(boolean toTheEnd) throws InterruptedException {
		for (Future<?> client : this.running) {
			if (toTheEnd || client.isDone()) {
				try {
					client.get();
				}
				catch (ExecutionException ex) {
					throw new AssertionError("A client failed", ex.getCause());
				}
			}
		}
	}

	@Override
	public void close() {
		this.stopped = true;
		this.metronome.shutdownNow();
		this.pool.shutdownNow();
	}

	/** By file: what must be there in the end. */
	Map<String, Promise> promises() {
		return Map.copyOf(this.promises);
	}

	/** Every upload that was ever acknowledged. */
	Iterable<Acknowledged> acknowledged() {
		return this.acknowledged.values();
	}

	int uploads() {
		return this.uploads.get();
	}

	@Override
	public String toString() {
		return this.uploads + " uploads and " + this.deletes + " deletes acknowledged, " + this.unanswered
				+ " not answered, " + this.refused + " of them with a 5xx";
	}

}
