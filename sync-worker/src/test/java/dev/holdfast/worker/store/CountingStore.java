package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Counts what is asked of a store; and, where wanted, does something else from some put
 * on.
 */
public final class CountingStore implements ObjectStore {

	private final ObjectStore target;

	private final int putsUntil;

	private final Runnable then;

	private final AtomicInteger puts = new AtomicInteger();

	private final AtomicInteger heads = new AtomicInteger();

	private final AtomicInteger lists = new AtomicInteger();

	public CountingStore(ObjectStore target) {
		this(target, Integer.MAX_VALUE, () -> {
		});
	}

	/**
	 * A store.
	 * @param putsUntil so many puts go through
	 * @param then what happens instead of the others
	 */
	public CountingStore(ObjectStore target, int putsUntil, Runnable then) {
		this.target = target;
		this.putsUntil = putsUntil;
		this.then = then;
	}

	public int puts() {
		return this.puts.get();
	}

	public int heads() {
		return this.heads.get();
	}

	public int lists() {
		return this.lists.get();
	}

	@Override
	public StoredObject put(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException {
		if (this.puts.incrementAndGet() > this.putsUntil) {
			this.then.run();
		}
		return this.target.put(request, content);
	}

	@Override
	public Optional<StoredObject> head(String key) throws StoreException, InterruptedException {
		this.heads.incrementAndGet();
		return this.target.head(key);
	}

	@Override
	public InputStream get(String key, @Nullable String objectVersion) throws StoreException, InterruptedException {
		return this.target.get(key, objectVersion);
	}

	@Override
	public ObjectPage list(String prefix, @Nullable String after) throws StoreException, InterruptedException {
		this.lists.incrementAndGet();
		return this.target.list(prefix, after);
	}

	@Override
	public Optional<String> remove(StoredObject seen) throws StoreException, InterruptedException {
		return this.target.remove(seen);
	}

	@Override
	public void erase(StoredObject seen) throws StoreException, InterruptedException {
		this.target.erase(seen);
	}

	@Override
	public void copyToTrash(StoredObject seen, String to, TrashNote note) throws StoreException, InterruptedException {
		this.target.copyToTrash(seen, to, note);
	}

	@Override
	public Optional<Trashed> trashed(String key) throws StoreException, InterruptedException {
		return this.target.trashed(key);
	}

	@Override
	public boolean versioned() throws StoreException, InterruptedException {
		return this.target.versioned();
	}

	@Override
	public void probe() throws StoreException, InterruptedException {
		this.target.probe();
	}

	@Override
	public int abortStaleUploads(Duration olderThan) throws StoreException, InterruptedException {
		return this.target.abortStaleUploads(olderThan);
	}

	@Override
	public void close() {
		this.target.close();
	}

}
