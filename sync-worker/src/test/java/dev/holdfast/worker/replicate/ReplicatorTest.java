package dev.holdfast.worker.replicate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.VolumeName;
import dev.holdfast.model.WatchGap;
import dev.holdfast.worker.source.SourceException;
import dev.holdfast.worker.source.TestVolume;
import dev.holdfast.worker.store.ContentSource;
import dev.holdfast.worker.store.FaultyObjectStore;
import dev.holdfast.worker.store.InMemoryObjectStore;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.PutCondition;
import dev.holdfast.worker.store.PutRequest;
import dev.holdfast.worker.store.ReplicaMetadata;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReplicatorTest {

	private static final String KEY = "media/logo.png";

	private static final int LARGE = 1000;

	@TempDir
	Path directory;

	private final InMemoryObjectStore store = new InMemoryObjectStore();

	private Replicator replicator(TestVolume volume, ObjectStore target) {
		return new Replicator(target, volume.source(), new ObjectKeys(""), LARGE, TestDeletes.of(DeletePolicy.MIRROR));
	}

	private Outcome carryOut(TestVolume volume, MediaEvent event) throws Exception {
		return replicator(volume, this.store).carryOut(event);
	}

	private static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		for (int i = 0; i < size; i++) {
			bytes[i] = (byte) (i * 31);
		}
		return bytes;
	}

	private byte[] inStore(String key) throws Exception {
		try (InputStream in = this.store.get(key, null)) {
			return in.readAllBytes();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, LARGE, LARGE + 1, 100_000 })
	void replicatesFilesOfAnySize(int size) throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("logo.png", bytes(size));
		assertThat(carryOut(volume, event)).isInstanceOf(Outcome.Replicated.class);
		assertThat(inStore(KEY)).isEqualTo(bytes(size));
		assertThat(this.store.head(KEY)).get()
			.extracting(StoredObject::metadata)
			.isEqualTo(new ReplicaMetadata(event.version(), event.digest(), event.modified(), "1000:1000", 0644));
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE + 1 })
	void findsWhatIsAlreadyThere(int size) throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("logo.png", bytes(size));
		carryOut(volume, event);
		assertThat(carryOut(volume, event)).isInstanceOf(Outcome.AlreadyThere.class);
		assertThat(this.store.versionsOf(KEY)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE + 1 })
	void putsANewerVersionOverAnOlder_andNeverTheOtherWayRound(int size) throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored older = volume.stored("logo.png", bytes(size));
		carryOut(volume, older);
		byte[] newBytes = bytes(size + 1);
		MediaStored newer = volume.stored("logo.png", newBytes);
		assertThat(carryOut(volume, newer)).isInstanceOf(Outcome.Replicated.class);

		volume.write("logo.png", bytes(size));
		assertThat(carryOut(volume, older)).isInstanceOfSatisfying(Outcome.Superseded.class,
				(superseded) -> assertThat(superseded.by()).isEqualTo(newer.version()));
		assertThat(inStore(KEY)).isEqualTo(newBytes);
	}

	@Test
	void carriesTheNewVersionEvenWhereTheBytesAreTheSame() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		carryOut(volume, volume.stored("logo.png", bytes(10)));
		MediaStored again = volume.stored("logo.png", bytes(10));
		assertThat(carryOut(volume, again)).isInstanceOf(Outcome.Replicated.class);
		assertThat(this.store.head(KEY).orElseThrow().metadata()).isNotNull()
			.extracting(ReplicaMetadata::version)
			.isEqualTo(again.version());
	}

	@Test
	void replacesAnObjectThatIsNotHoldfasts() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		this.store.putForeign(KEY, bytes(3));
		assertThat(carryOut(volume, volume.stored("logo.png", bytes(10)))).isInstanceOf(Outcome.Replicated.class);
		assertThat(inStore(KEY)).isEqualTo(bytes(10));
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE + 1 })
	void skipsAFileThatHasOtherBytesThanTheEventSays(int size) throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("logo.png", bytes(size));
		byte[] other = bytes(size);
		other[size - 1]++;
		volume.write("logo.png", other);
		assertThat(carryOut(volume, event)).isInstanceOf(Outcome.Superseded.class);
		assertThat(this.store.head(KEY)).isEmpty();

		volume.write("logo.png", bytes(size - 1));
		assertThat(carryOut(volume, event)).isInstanceOf(Outcome.Superseded.class);
		assertThat(this.store.head(KEY)).isEmpty();
	}

	@Test
	void skipsALargeFileThatChangesWhileItIsSent() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("logo.png", bytes(LARGE + 1));
		FaultyObjectStore watched = new FaultyObjectStore(this.store);
		FaultyObjectStore.Hang hang = watched.hangNext();
		try (ExecutorService running = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Outcome> outcome = running.submit(() -> replicator(volume, watched).carryOut(event));
			hang.awaitEntered();
			byte[] other = bytes(LARGE + 1);
			other[5]++;
			volume.write("logo.png", other);
			hang.release();
			assertThat(outcome.get()).isInstanceOf(Outcome.Superseded.class);
		}
		assertThat(this.store.head(KEY)).isEmpty();
	}

	@Test
	void sendsExactlyTheBytesThatItHashed_evenIfTheFileChangesMeanwhile() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("logo.png", bytes(10));
		FaultyObjectStore watched = new FaultyObjectStore(this.store);
		FaultyObjectStore.Hang hang = watched.hangNext();
		try (ExecutorService running = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Outcome> outcome = running.submit(() -> replicator(volume, watched).carryOut(event));
			hang.awaitEntered();
			volume.write("logo.png", "xxxxxxxxxx".getBytes(StandardCharsets.US_ASCII));
			hang.release();
			assertThat(outcome.get()).isInstanceOf(Outcome.Replicated.class);
		}
		assertThat(Digest.of(inStore(KEY))).isEqualTo(event.digest());
	}

	/** A worker that lost its partition while it was uploading comes late. */
	@Test
	void isFencedOffWhenANewerVersionCameWhileItWasSending() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored older = volume.stored("logo.png", bytes(10));
		FaultyObjectStore slow = new FaultyObjectStore(this.store);
		FaultyObjectStore.Hang hang = slow.hangNext();
		try (ExecutorService running = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Outcome> late = running.submit(() -> replicator(volume, slow).carryOut(older));
			hang.awaitEntered();
			MediaStored newer = volume.stored("logo.png", bytes(20));
			assertThat(carryOut(volume, newer)).isInstanceOf(Outcome.Replicated.class);
			hang.release();
			assertThat(late.get()).isInstanceOf(Outcome.Superseded.class);
		}
		assertThat(inStore(KEY)).isEqualTo(bytes(20));
	}

	/**
	 * The file was changed and changed back while the late worker was about to replace
	 * what it had seen: the object has the same bytes again, and is another.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE + 1 })
	void isFencedOffWhereTheNewerVersionHasTheBytesOfTheOneItSaw(int size) throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		carryOut(volume, volume.stored("logo.png", bytes(size)));
		byte[] changed = bytes(size);
		changed[0]++;
		MediaStored older = volume.stored("logo.png", changed);
		CountDownLatch replacing = new CountDownLatch(1);
		CountDownLatch overtaken = new CountDownLatch(1);
		ObjectStore slow = new ForwardingStore(this.store) {
			@Override
			public StoredObject put(PutRequest request, ContentSource content)
					throws StoreException, IOException, InterruptedException {
				if (request.condition() instanceof PutCondition.Replaces) {
					replacing.countDown();
					overtaken.await();
				}
				return super.put(request, content);
			}
		};
		try (ExecutorService running = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Outcome> late = running.submit(() -> replicator(volume, slow).carryOut(older));
			replacing.await();
			MediaStored newer = volume.event("logo.png", bytes(size));
			volume.replace("logo.png", bytes(size));
			assertThat(carryOut(volume, newer)).isInstanceOf(Outcome.Replicated.class);
			overtaken.countDown();
			assertThat(late.get()).isInstanceOf(Outcome.Superseded.class);
			assertThat(this.store.head(KEY).orElseThrow().metadata()).isNotNull()
				.extracting(ReplicaMetadata::version)
				.isEqualTo(newer.version());
		}
		assertThat(inStore(KEY)).isEqualTo(bytes(size));
	}

	@Test
	void findsItsOwnPutWhoseAnswerGotLost() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("logo.png", bytes(10));
		FaultyObjectStore lossy = new FaultyObjectStore(this.store);
		lossy.loseAnswers(1);
		Replicator replicator = replicator(volume, lossy);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> replicator.carryOut(event));
		assertThat(replicator.carryOut(event)).isInstanceOf(Outcome.AlreadyThere.class);
		assertThat(this.store.versionsOf(KEY)).isEqualTo(1);
	}

	@Test
	void givesWayToOthersAtTheKeyForSomeTimeAndThenIsTriedAgainLater() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("logo.png", bytes(10));
		AtomicInteger puts = new AtomicInteger();
		ObjectStore contended = new ForwardingStore(this.store) {
			@Override
			public StoredObject put(PutRequest request, ContentSource content)
					throws StoreException, IOException, InterruptedException {
				if (puts.incrementAndGet() < 20) {
					throw new StoreException(StoreException.Kind.CONFLICT, "put", request.key(), "another", "", null);
				}
				return super.put(request, content);
			}
		};
		Replicator replicator = replicator(volume, contended);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> replicator.carryOut(event))
			.withMessageContaining("another writer was at the key at each of")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(StoreException.Kind.TRANSIENT));
		puts.set(15);
		assertThat(replicator.carryOut(event)).isInstanceOf(Outcome.Replicated.class);
	}

	@Test
	void hasNothingToDoForAGap() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored any = volume.event("logo.png", bytes(1));
		WatchGap gap = new WatchGap(TestVolume.NAME, "", any.version(), any.modified(), any.modified(),
				WatchGap.Reason.OVERFLOW, 1, 0);
		assertThat(carryOut(volume, gap)).isEqualTo(new Outcome.NothingToDo());
	}

	@Test
	void refusesAKeyThatDoesNotFit() {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.event("a/".repeat(500) + "b", bytes(1));
		Replicator replicator = new Replicator(this.store, volume.source(),
				new ObjectKeys("a-long-prefix-for-the-store/"), LARGE, TestDeletes.of(DeletePolicy.KEEP));
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> replicator.carryOut(event))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(StoreException.Kind.PERMANENT));
	}

	@Test
	void tellsAMissingFileFromAVolumeThatIsAway() {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.event("never-written/logo.png", bytes(1));
		assertThat(sourceFailure(volume, event)).isEqualTo(SourceException.Kind.MISSING);
		volume.removeMarker();
		assertThat(sourceFailure(volume, event)).isEqualTo(SourceException.Kind.VOLUME_AWAY);
		volume.write(".holdfast/volume.json", "{\"volume\":\"other\"}".getBytes(StandardCharsets.US_ASCII));
		assertThat(sourceFailure(volume, event)).isEqualTo(SourceException.Kind.VOLUME_AWAY);
		volume.write(".holdfast/volume.json", "not json".getBytes(StandardCharsets.US_ASCII));
		assertThat(sourceFailure(volume, event)).isEqualTo(SourceException.Kind.VOLUME_AWAY);
	}

	@Test
	void takesAVolumeThatNobodyToldOfForAway() {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored known = volume.event("logo.png", bytes(1));
		MediaStored event = new MediaStored(new MediaId(new VolumeName("elsewhere"), "a"), known.version(), 1,
				known.digest(), "image/png", known.modified(), null, null, known.origin());
		assertThat(sourceFailure(volume, event)).isEqualTo(SourceException.Kind.VOLUME_AWAY);
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE + 1 })
	void followsNoSymbolicLink(int size) throws Exception {
		Path outside = Files.createDirectory(this.directory.resolve("outside"));
		TestVolume volume = new TestVolume(Files.createDirectory(this.directory.resolve("root")));
		Files.write(outside.resolve("secret"), bytes(size));
		Files.createSymbolicLink(volume.pathOf("link"), outside.resolve("secret"));
		Files.createSymbolicLink(volume.pathOf("dir"), outside);
		assertThat(sourceFailure(volume, volume.event("link", bytes(size)))).isEqualTo(SourceException.Kind.UNREADABLE);
		assertThat(sourceFailure(volume, volume.event("dir/secret", bytes(size)))).isIn(SourceException.Kind.UNREADABLE,
				SourceException.Kind.TRANSIENT);
		assertThat(this.store.list("", null).objects()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE + 1 })
	void findsTheReplicaOfAFileThatIsGone_andNotThatOfAnotherVersion(int size) throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored older = volume.stored("logo.png", bytes(size));
		carryOut(volume, older);
		MediaStored newer = volume.stored("logo.png", bytes(size + 1));
		Files.delete(volume.pathOf("logo.png"));
		assertThat(carryOut(volume, older)).isInstanceOf(Outcome.AlreadyThere.class);
		assertThat(sourceFailure(volume, newer)).isEqualTo(SourceException.Kind.MISSING);
	}

	@Test
	void opensNeitherDirectoriesNorFifos() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		Files.createDirectory(volume.pathOf("dir"));
		assertThat(sourceFailure(volume, volume.event("dir", bytes(1)))).isEqualTo(SourceException.Kind.UNREADABLE);
		assertThat(new ProcessBuilder("mkfifo", volume.pathOf("fifo").toString()).start().waitFor()).isZero();
		assertThat(sourceFailure(volume, volume.event("fifo", new byte[0]))).isEqualTo(SourceException.Kind.UNREADABLE);
		volume.write("file", bytes(1));
		assertThat(sourceFailure(volume, volume.event("file/below", bytes(1)))).isEqualTo(SourceException.Kind.MISSING);
	}

	@Test
	void reportsAReadThatFailsAsTheSourcesFailure() {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("logo.png", bytes(LARGE + 1));
		InMemoryObjectStore target = this.store;
		ObjectStore deleting = new ForwardingStore(target) {
			@Override
			public StoredObject put(PutRequest request, ContentSource content)
					throws StoreException, IOException, InterruptedException {
				Files.delete(volume.pathOf("logo.png"));
				return super.put(request, content);
			}
		};
		assertThatExceptionOfType(SourceException.class).isThrownBy(() -> replicator(volume, deleting).carryOut(event));
	}

	private SourceException.Kind sourceFailure(TestVolume volume, MediaStored event) {
		try {
			throw new AssertionError("carried out: " + carryOut(volume, event));
		}
		catch (SourceException ex) {
			return ex.kind();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
