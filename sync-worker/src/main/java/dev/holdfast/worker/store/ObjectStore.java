package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A bucket that receives replicas.
 * <p>
 * <b>What may be retried.</b> Every operation may be called again after any exception:
 * {@link #put} because it is conditional and its content is opened anew for each call,
 * the others because they change nothing or say the same twice. No implementation retries
 * by itself, except single parts of a multipart upload; the caller decides by
 * {@link StoreException#kind()}.
 * <p>
 * <b>What an exception means.</b> A {@link StoreException} is about the store; what goes
 * wrong while the content is read surfaces as the {@link IOException} it was. After
 * either the object under the key is what it was before, or, where the answer got lost,
 * what was put; it is never a part of it.
 * <p>
 * <b>Interrupts</b> end a call soon, with an {@link InterruptedException}. Safe for use
 * by several threads.
 */
public interface ObjectStore extends AutoCloseable {

	/**
	 * Uploads in parts that nobody has finished for so long are nobody's: longer than any
	 * takes, as another worker's may be one of them.
	 */
	Duration STALE_UPLOAD = Duration.ofDays(2);

	/**
	 * Puts the content under the key where the condition holds. The store itself checks
	 * the bytes against a checksum computed from the digest's bytes, so that it never
	 * holds others than those asked for.
	 * @return the object as the store confirmed it
	 * @throws StoreException {@code CONFLICT} where the condition does not hold,
	 * {@code REFUSED_BYTES} where the bytes are not those of the digest, or another kind
	 * @throws IOException where reading the content fails
	 */
	StoredObject put(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException;

	/**
	 * The object under the key, empty where there is none or a delete marker hides it.
	 */
	Optional<StoredObject> head(String key) throws StoreException, InterruptedException;

	/**
	 * The bytes of an object, to be closed by the caller.
	 * @param objectVersion the version wanted, {@code null} for the latest
	 * @throws StoreException {@code NOT_FOUND} where there is no such object
	 */
	InputStream get(String key, @Nullable String objectVersion) throws StoreException, InterruptedException;

	/**
	 * One page of the objects whose keys begin with the prefix, in the order of their
	 * keys' UTF-8 bytes.
	 * @param after only keys behind this one, {@code null} to begin at the first
	 */
	ObjectPage list(String prefix, @Nullable String after) throws StoreException, InterruptedException;

	/**
	 * Hides the object behind a delete marker. Only for a {@link #versioned()} store,
	 * where every version stays restorable.
	 * @param seen the object, as it was looked at
	 * @return the version id of the delete marker, empty where there is no object any
	 * more
	 * @throws StoreException {@code CONFLICT} where another object is under the key now,
	 * {@code PERMANENT} where the bucket is not versioned
	 */
	Optional<String> remove(StoredObject seen) throws StoreException, InterruptedException;

	/**
	 * Deletes the object for good. Only for a store that is not {@link #versioned()}.
	 * @param seen the object, as it was looked at
	 * @throws StoreException {@code CONFLICT} where another object is under the key now,
	 * {@code PERMANENT} where the bucket is versioned
	 */
	void erase(StoredObject seen) throws StoreException, InterruptedException;

	/**
	 * Copies the object, with a note of why, to another key. The object itself stays.
	 * When this returns the copy is in the store, whole.
	 * @param seen the object, as it was looked at, with Holdfast's metadata
	 * @param to the key of the copy; what is there is replaced
	 * @throws StoreException {@code CONFLICT} where another object is under the key now,
	 * {@code PERMANENT} where the store cannot copy it
	 */
	void copyToTrash(StoredObject seen, String to, TrashNote note) throws StoreException, InterruptedException;

	/**
	 * A copy that {@link #copyToTrash} made.
	 * @return empty where there is none, or something that Holdfast did not put there
	 */
	Optional<Trashed> trashed(String key) throws StoreException, InterruptedException;

	/**
	 * Whether the bucket keeps every version of an object.
	 */
	boolean versioned() throws StoreException, InterruptedException;

	/**
	 * Asks, as cheaply as can be, whether the bucket is there and lets us in.
	 * @throws StoreException where it is not or does not
	 */
	void probe() throws StoreException, InterruptedException;

	/**
	 * Ends multipart uploads that nobody has finished, so that their parts cost nothing.
	 * @param olderThan only those begun longer ago than this
	 * @return how many were ended
	 */
	int abortStaleUploads(Duration olderThan) throws StoreException, InterruptedException;

	@Override
	void close();

}
