package dev.holdfast.worker.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.holdfast.model.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A bucket in memory that keeps the whole contract of {@link ObjectStore}: conditions,
 * digests, versions and delete markers. The same contract test as for S3 says so.
 */
public final class InMemoryObjectStore implements ObjectStore {

	/** Keys per page of a listing, as S3 has it. */
	public static final int PAGE = 1000;

	private static final Comparator<String> UTF8_ORDER = (a, b) -> Arrays
		.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

	private final boolean versioned;

	/** Per key all versions, the latest last. Guarded by itself. */
	private final Map<String, List<Held>> objects = new HashMap<>();

	/** Of objects in the trash. Guarded as the objects are. */
	private final Map<String, TrashNote> notes = new HashMap<>();

	private long versions;

	/**
	 * A versioned bucket.
	 */
	public InMemoryObjectStore() {
		this(true);
	}

	/**
	 * A bucket.
	 * @param versioned whether it keeps every version of an object
	 */
	public InMemoryObjectStore(boolean versioned) {
		this.versioned = versioned;
	}

	/** One version; without bytes it is a delete marker. */
	private static final class Held {

		private final StoredObject object;

		private final byte @Nullable [] bytes;

		Held(StoredObject object, byte @Nullable [] bytes) {
			this.object = object;
			this.bytes = bytes;
		}

		StoredObject object() {
			return this.object;
		}

		byte @Nullable [] bytes() {
			return this.bytes;
		}

	}

	@Override
	public StoredObject put(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException {
		checkInterrupt();
		byte[] bytes;
		try (SeekableByteChannel channel = content.open(); InputStream in = Channels.newInputStream(channel)) {
			bytes = in.readAllBytes();
		}
		catch (ClosedByInterruptException ex) {
			checkInterrupt();
			throw ex;
		}
		checkInterrupt();
		if (bytes.length != request.size() || !Digest.of(bytes).equals(request.digest())) {
			throw new StoreException(StoreException.Kind.REFUSED_BYTES, "put", request.key(),
					"the content is not that of " + request.digest(), "", null);
		}
		synchronized (this.objects) {
			StoredObject present = latest(request.key()).map(Held::object).orElse(null);
			boolean holds = switch (request.condition()) {
				case PutCondition.Absent() -> present == null;
				case PutCondition.Replaces(StoredObject seen) -> present != null && present.isStill(seen);
			};
			if (!holds) {
				throw new StoreException(StoreException.Kind.CONFLICT, "put", request.key(),
						"the condition " + request.condition() + " does not hold", "", null);
			}
			StoredObject stored = new StoredObject(request.key(), bytes.length, md5(bytes), nextVersion(),
					request.metadata());
			add(request.key(), new Held(stored, bytes));
			return stored;
		}
	}

	/**
	 * Puts bytes under a key as some other program would: no condition, no metadata.
	 */
	public StoredObject putForeign(String key, byte[] bytes) {
		synchronized (this.objects) {
			StoredObject stored = new StoredObject(key, bytes.length, md5(bytes), nextVersion(), null);
			add(key, new Held(stored, bytes.clone()));
			return stored;
		}
	}

	/**
	 * Forgets every object, as an emptied bucket has.
	 */
	public void clear() {
		synchronized (this.objects) {
			this.objects.clear();
		}
	}

	/**
	 * How many versions of a key there are, delete markers included.
	 */
	public int versionsOf(String key) {
		synchronized (this.objects) {
			return this.objects.getOrDefault(key, List.of()).size();
		}
	}

	@Override
	public Optional<StoredObject> head(String key) throws InterruptedException {
		checkInterrupt();
		synchronized (this.objects) {
			return latest(key).map(Held::object);
		}
	}

	@Override
	public InputStream get(String key, @Nullable String objectVersion) throws StoreException, InterruptedException {
		checkInterrupt();
		synchronized (this.objects) {
			Optional<Held> held = (objectVersion == null) ? latest(key)
					: this.objects.getOrDefault(key, List.of())
						.stream()
						.filter((candidate) -> objectVersion.equals(candidate.object().objectVersion()))
						.findFirst();
			byte[] bytes = held.map(Held::bytes).orElse(null);
			if (bytes == null) {
				throw new StoreException(StoreException.Kind.NOT_FOUND, "get", key, "there is no such object", "",
						null);
			}
			return new ByteArrayInputStream(bytes);
		}
	}

	@Override
	public ObjectPage list(String prefix, @Nullable String after) throws InterruptedException {
		checkInterrupt();
		synchronized (this.objects) {
			List<ObjectPage.Entry> found = this.objects.keySet()
				.stream()
				.filter((key) -> key.startsWith(prefix) && (after == null || UTF8_ORDER.compare(key, after) > 0))
				.sorted(UTF8_ORDER)
				.flatMap((key) -> latest(key).stream())
				.map((held) -> new ObjectPage.Entry(held.object().key(), held.object().size(), held.object().etag()))
				.limit(PAGE + 1L)
				.toList();
			boolean last = found.size() <= PAGE;
			return new ObjectPage(last ? found : found.subList(0, PAGE), last);
		}
	}

	@Override
	public Optional<String> remove(StoredObject seen) throws StoreException, InterruptedException {
		checkInterrupt();
		if (!this.versioned) {
			throw new StoreException(StoreException.Kind.PERMANENT, "remove", seen.key(), "the bucket is not versioned",
					"switch versioning on, or keep replicas of deleted files", null);
		}
		synchronized (this.objects) {
			if (latest(seen.key()).isEmpty()) {
				return Optional.empty();
			}
			requireSame("remove", seen);
			String marker = nextVersion();
			add(seen.key(), new Held(new StoredObject(seen.key(), 0, "", marker, null), null));
			return Optional.ofNullable(marker);
		}
	}

	@Override
	public void erase(StoredObject seen) throws StoreException, InterruptedException {
		checkInterrupt();
		if (this.versioned) {
			throw new StoreException(StoreException.Kind.PERMANENT, "erase", seen.key(), "the bucket is versioned", "",
					null);
		}
		synchronized (this.objects) {
			if (latest(seen.key()).isPresent()) {
				requireSame("erase", seen);
				this.objects.remove(seen.key());
			}
		}
	}

	@Override
	public void copyToTrash(StoredObject seen, String to, TrashNote note) throws StoreException, InterruptedException {
		checkInterrupt();
		synchronized (this.objects) {
			Held held = requireSame("trash", seen);
			StoredObject copy = new StoredObject(to, seen.size(), seen.etag(), nextVersion(), seen.metadata());
			add(to, new Held(copy, held.bytes()));
			this.notes.put(to, note);
		}
	}

	@Override
	public Optional<Trashed> trashed(String key) throws InterruptedException {
		checkInterrupt();
		synchronized (this.objects) {
			TrashNote note = this.notes.get(key);
			return (note == null) ? Optional.empty()
					: latest(key).map(Held::object)
						.filter((object) -> object.metadata() != null)
						.map((object) -> new Trashed(object, note));
		}
	}

	private Held requireSame(String operation, StoredObject seen) throws StoreException {
		return latest(seen.key()).filter((held) -> held.object().isStill(seen))
			.orElseThrow(() -> new StoreException(StoreException.Kind.CONFLICT, operation, seen.key(),
					"it is another object by now", "", null));
	}

	@Override
	public boolean versioned() {
		return this.versioned;
	}

	@Override
	public void probe() throws InterruptedException {
		checkInterrupt();
	}

	@Override
	public int abortStaleUploads(Duration olderThan) {
		return 0;
	}

	@Override
	public void close() {
		// Nothing to give back; what it holds stays readable for assertions.
	}

	/** The latest version, unless that is a delete marker. */
	private Optional<Held> latest(String key) {
		List<Held> versionsOfKey = this.objects.get(key);
		return (versionsOfKey == null) ? Optional.empty()
				: Optional.of(versionsOfKey.getLast()).filter((held) -> held.bytes() != null);
	}

	private void add(String key, Held held) {
		List<Held> versionsOfKey = this.objects.computeIfAbsent(key, (absent) -> new ArrayList<>());
		if (!this.versioned) {
			versionsOfKey.clear();
		}
		versionsOfKey.add(held);
	}

	private @Nullable String nextVersion() {
		return this.versioned ? "v" + ++this.versions : null;
	}

	private static void checkInterrupt() throws InterruptedException {
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
	}

	private static String md5(byte[] bytes) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
