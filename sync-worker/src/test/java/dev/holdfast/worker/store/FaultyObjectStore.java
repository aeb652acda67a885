package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A store with faults to order, for tests. Faults of puts are taken in the order they
 * were asked for, one by each put; an outage fails every operation until it ends.
 */
public final class FaultyObjectStore implements ObjectStore {

	private final ObjectStore target;

	private final BlockingDeque<Fault> faults = new LinkedBlockingDeque<>();

	private final AtomicReference<StoreException.@Nullable Kind> outage = new AtomicReference<>();

	private final AtomicInteger puts = new AtomicInteger();

	private final AtomicInteger probes = new AtomicInteger();

	/**
	 * Decorates a store; without faults asked for it behaves as that one.
	 */
	public FaultyObjectStore(ObjectStore target) {
		this.target = target;
	}

	@FunctionalInterface
	private interface Fault {

		StoredObject put(PutRequest request, ContentSource content)
				throws StoreException, IOException, InterruptedException;

	}

	/**
	 * The next puts fail without touching the store.
	 * @param times how many of them
	 */
	public void failNext(int times, StoreException.Kind kind) {
		for (int i = 0; i < times; i++) {
			this.faults.add((request, content) -> {
				throw failure(kind, "put", request.key());
			});
		}
	}

	/**
	 * The next put reads so many bytes of the content, then the connection is reset.
	 */
	public void failAfterBytes(long bytes) {
		this.faults.add((request, content) -> {
			try (SeekableByteChannel channel = content.open()) {
				ByteBuffer buffer = ByteBuffer.allocate(8192);
				for (long left = bytes; left > 0;) {
					int read = channel.read(buffer.clear().limit((int) Math.min(left, buffer.capacity())));
					if (read < 0) {
						break;
					}
					left -= read;
				}
			}
			throw failure(StoreException.Kind.TRANSIENT, "put", request.key());
		});
	}

	/**
	 * The next puts take effect, and then their answers get lost.
	 * @param times how many of them
	 */
	public void loseAnswers(int times) {
		for (int i = 0; i < times; i++) {
			this.faults.add((request, content) -> {
				this.target.put(request, content);
				throw failure(StoreException.Kind.TRANSIENT, "put", request.key());
			});
		}
	}

	/**
	 * The next put hangs before it touches the store, until released or interrupted.
	 */
	public Hang hangNext() {
		Hang hang = new Hang();
		this.faults.add((request, content) -> {
			hang.entered.countDown();
			hang.released.await();
			return this.target.put(request, content);
		});
		return hang;
	}

	/** A put that hangs. */
	public static final class Hang {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		/**
		 * Waits until a put hangs here.
		 */
		public void awaitEntered() throws InterruptedException {
			this.entered.await();
		}

		/**
		 * Lets it go on.
		 */
		public void release() {
			this.released.countDown();
		}

	}

	/**
	 * From now on every operation fails.
	 */
	public void outage(StoreException.Kind kind) {
		this.outage.set(kind);
	}

	/**
	 * Ends the outage.
	 */
	public void recover() {
		this.outage.set(null);
	}

	/**
	 * How many puts have been tried.
	 */
	public int puts() {
		return this.puts.get();
	}

	/**
	 * How many probes have been made.
	 */
	public int probes() {
		return this.probes.get();
	}

	@Override
	public StoredObject put(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException {
		this.puts.incrementAndGet();
		checkOutage("put", request.key());
		Fault fault = this.faults.poll();
		return (fault != null) ? fault.put(request, content) : this.target.put(request, content);
	}

	@Override
	public Optional<StoredObject> head(String key) throws StoreException, InterruptedException {
		checkOutage("head", key);
		return this.target.head(key);
	}

	@Override
	public InputStream get(String key, @Nullable String objectVersion) throws StoreException, InterruptedException {
		checkOutage("get", key);
		return this.target.get(key, objectVersion);
	}

	@Override
	public ObjectPage list(String prefix, @Nullable String after) throws StoreException, InterruptedException {
		checkOutage("list", prefix);
		return this.target.list(prefix, after);
	}

	@Override
	public Optional<String> remove(StoredObject seen) throws StoreException, InterruptedException {
		checkOutage("remove", seen.key());
		return this.target.remove(seen);
	}

	@Override
	public void erase(StoredObject seen) throws StoreException, InterruptedException {
		checkOutage("erase", seen.key());
		this.target.erase(seen);
	}

	@Override
	public void copyToTrash(StoredObject seen, String to, TrashNote note) throws StoreException, InterruptedException {
		checkOutage("copyToTrash", seen.key());
		this.target.copyToTrash(seen, to, note);
	}

	@Override
	public Optional<Trashed> trashed(String key) throws StoreException, InterruptedException {
		checkOutage("trashed", key);
		return this.target.trashed(key);
	}

	@Override
	public boolean versioned() throws StoreException, InterruptedException {
		checkOutage("versioned", null);
		return this.target.versioned();
	}

	@Override
	public void probe() throws StoreException, InterruptedException {
		this.probes.incrementAndGet();
		checkOutage("probe", null);
		this.target.probe();
	}

	@Override
	public int abortStaleUploads(Duration olderThan) throws StoreException, InterruptedException {
		checkOutage("abort stale uploads", null);
		return this.target.abortStaleUploads(olderThan);
	}

	@Override
	public void close() {
		this.target.close();
	}

	private void checkOutage(String operation, @Nullable String key) throws StoreException {
		StoreException.Kind kind = this.outage.get();
		if (kind != null) {
			throw failure(kind, operation, key);
		}
	}

	private static StoreException failure(StoreException.Kind kind, String operation, @Nullable String key) {
		return new StoreException(kind, operation, key, "a fault asked for by the test", "", null);
	}

}
