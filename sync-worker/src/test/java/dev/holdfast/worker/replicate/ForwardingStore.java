package dev.holdfast.worker.replicate;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

import dev.holdfast.worker.store.ContentSource;
import dev.holdfast.worker.store.ObjectPage;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.PutRequest;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;
import dev.holdfast.worker.store.TrashNote;
import dev.holdfast.worker.store.Trashed;
import org.jspecify.annotations.Nullable;

/**
 * A store that does what another does, for tests that watch or change one operation.
 */
public class ForwardingStore implements ObjectStore {

	private final ObjectStore target;

	public ForwardingStore(ObjectStore target) {
		this.target = target;
	}

	@Override
	public StoredObject put(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException {
		return this.target.put(request, content);
	}

	@Override
	public Optional<StoredObject> head(String key) throws StoreException, InterruptedException {
		return this.target.head(key);
	}

	@Override
	public InputStream get(String key, @Nullable String objectVersion) throws StoreException, InterruptedException {
		return this.target.get(key, objectVersion);
	}

	@Override
	public ObjectPage list(String prefix, @Nullable String after) throws StoreException, InterruptedException {
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
