package dev.holdfast.worker.replicate;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.ReplicaRemoved.Disposition;
import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.source.TestVolume;
import dev.holdfast.worker.store.InMemoryObjectStore;
import dev.holdfast.worker.store.ObjectPage;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;
import dev.holdfast.worker.store.TrashNote;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of the replica of a deleted file, by the volume's policy.
 */
class RemovalTest {

	private static final ObjectKeys KEYS = new ObjectKeys("app/");

	private static final String KEY = "app/media/logo.png";

	private static final byte[] BYTES = "a logo".getBytes(StandardCharsets.UTF_8);

	private static final Duration GRACE = Duration.ofDays(30);

	@TempDir
	Path directory = Path.of("");

	private TestVolume volume = new TestVolume(Path.of("target/volume"));

	private final InMemoryObjectStore versioned = new InMemoryObjectStore();

	private final InMemoryObjectStore unversioned = new InMemoryObjectStore(false);

	@BeforeEach
	void makeVolume() {
		this.volume = new TestVolume(this.directory);
	}

	private Outcome carryOut(ObjectStore store, DeletePolicy policy, MediaEvent event) throws Exception {
		return new Replicator(store, this.volume.source(), KEYS, 1000, TestDeletes.of(policy)).carryOut(event);
	}

	private Disposition delete(ObjectStore store, DeletePolicy policy, MediaDeleted event) throws Exception {
		Outcome outcome = carryOut(store, policy, event);
		assertThat(outcome).isInstanceOf(Outcome.Removed.class);
		return ((Outcome.Removed) outcome).disposition();
	}

	private static List<String> keys(ObjectStore store) throws Exception {
		return new ArrayList<>(store.list("", null).objects().stream().map(ObjectPage.Entry::key).toList());
	}

	private static String trashKey(MediaDeleted event) {
		return new TrashKeys(KEYS).keyOf(KEY, event.version());
	}

	@ParameterizedTest
	@EnumSource(DeletePolicy.class)
	void aVersionedBucketNeverLosesAVersion(DeletePolicy policy) throws Exception {
		carryOut(this.versioned, policy, this.volume.stored("logo.png", BYTES));
		StoredObject stored = this.versioned.head(KEY).orElseThrow();
		MediaDeleted event = this.volume.deleted("logo.png");

		Disposition disposition = delete(this.versioned, policy, event);

		boolean stays = policy == DeletePolicy.KEEP;
		assertThat(disposition).isEqualTo(stays ? Disposition.KEPT : Disposition.DELETE_MARKER);
		assertThat(this.versioned.head(KEY).isPresent()).isEqualTo(stays);
		try (InputStream in = this.versioned.get(KEY, stored.objectVersion())) {
			assertThat(in.readAllBytes()).isEqualTo(BYTES);
		}
		assertThat(keys(this.versioned)).isEqualTo(stays ? List.of(KEY) : List.of());
		assertThat(delete(this.versioned, policy, event)).as("carried out again")
			.isEqualTo(stays ? Disposition.KEPT : Disposition.ABSENT);
	}

	@Test
	void aBucketWithoutVersionsKeepsTrashesOrLosesIt() throws Exception {
		MediaStored stored = this.volume.stored("logo.png", BYTES);
		carryOut(this.unversioned, DeletePolicy.KEEP, stored);
		MediaDeleted event = this.volume.deleted("logo.png");

		assertThat(delete(this.unversioned, DeletePolicy.KEEP, event)).isEqualTo(Disposition.KEPT);
		assertThat(keys(this.unversioned)).containsExactly(KEY);

		assertThat(delete(this.unversioned, DeletePolicy.TRASH, event)).isEqualTo(Disposition.TRASHED);
		assertThat(keys(this.unversioned)).containsExactly(trashKey(event));
		assertThat(trashKey(event)).startsWith("app/.holdfast-trash/2026").endsWith("/media/logo.png");
		try (InputStream in = this.unversioned.get(trashKey(event), null)) {
			assertThat(in.readAllBytes()).isEqualTo(BYTES);
		}
		assertThat(delete(this.unversioned, DeletePolicy.TRASH, event)).as("carried out again")
			.isEqualTo(Disposition.TRASHED);

		carryOut(this.unversioned, DeletePolicy.MIRROR, this.volume.stored("logo.png", BYTES));
		assertThat(delete(this.unversioned, DeletePolicy.MIRROR, this.volume.deleted("logo.png")))
			.isEqualTo(Disposition.REMOVED);
		assertThat(keys(this.unversioned)).as("the trash stays").containsExactly(trashKey(event));
	}

	@Test
	void aVolumeThatIsNotNamedKeepsItsReplicas() throws Exception {
		carryOut(this.unversioned, DeletePolicy.MIRROR, this.volume.stored("logo.png", BYTES));
		this.unversioned.copyToTrash(this.unversioned.head(KEY).orElseThrow(), "app/other/logo.png",
				new TrashNote(this.volume.deleted("any").version(), Instant.EPOCH));
		MediaDeleted deleted = this.volume.deleted("logo.png");
		MediaDeleted elsewhere = new MediaDeleted(new MediaId(new VolumeName("other"), "logo.png"), deleted.version(),
				deleted.evidence());

		assertThat(delete(this.unversioned, DeletePolicy.MIRROR, elsewhere)).isEqualTo(Disposition.KEPT);
	}

	@ParameterizedTest
	@EnumSource(DeletePolicy.class)
	void aFileThatCameBackKeepsItsReplicaFromAnOlderDelete(DeletePolicy policy) throws Exception {
		for (InMemoryObjectStore store : List.of(this.versioned, this.unversioned)) {
			MediaDeleted older = this.volume.deleted("logo.png");
			MediaStored newer = this.volume.stored("logo.png", BYTES);
			carryOut(store, policy, newer);

			assertThat(carryOut(store, policy, older)).isInstanceOfSatisfying(Outcome.Superseded.class,
					(superseded) -> assertThat(superseded.by()).isEqualTo(newer.version()));
			assertThat(keys(store)).containsExactly(KEY);
		}
	}

	@ParameterizedTest
	@EnumSource(value = DeletePolicy.class, names = { "TRASH", "MIRROR" })
	void aFileThatComesBackInTheVeryMomentKeepsItsReplica(DeletePolicy policy) throws Exception {
		for (InMemoryObjectStore store : List.of(this.versioned, this.unversioned)) {
			carryOut(store, policy, this.volume.stored("logo.png", BYTES));
			MediaDeleted delete = this.volume.deleted("logo.png");
			MediaStored back = this.volume.stored("logo.png", "other bytes".getBytes(StandardCharsets.UTF_8));
			AtomicBoolean first = new AtomicBoolean(true);
			ObjectStore overtaken = new ForwardingStore(store) {

				@Override
				public boolean versioned() throws StoreException, InterruptedException {
					if (first.compareAndSet(true, false)) {
						try {
							RemovalTest.this.carryOut(store, policy, back);
						}
						catch (Exception ex) {
							throw new IllegalStateException(ex);
						}
					}
					return super.versioned();
				}
			};

			assertThat(carryOut(overtaken, policy, delete)).isInstanceOf(Outcome.Superseded.class);
			assertThat(store.head(KEY)).isPresent();
		}
	}

	@ParameterizedTest
	@EnumSource(DeletePolicy.class)
	void whatIsNotHoldfastsStays(DeletePolicy policy) throws Exception {
		for (InMemoryObjectStore store : List.of(this.versioned, this.unversioned)) {
			store.putForeign(KEY, BYTES);
			assertThat(delete(store, policy, this.volume.deleted("logo.png"))).isEqualTo(Disposition.KEPT);
			assertThat(store.head(KEY)).isPresent();
		}
	}

	@Test
	void aWorkerThatDiesBetweenCopyAndDeleteLosesNothingAndLeavesOneCopy() throws Exception {
		carryOut(this.unversioned, DeletePolicy.TRASH, this.volume.stored("logo.png", BYTES));
		MediaDeleted event = this.volume.deleted("logo.png");
		ObjectStore dying = new ForwardingStore(this.unversioned) {

			@Override
			public void erase(StoredObject seen) throws StoreException {
				throw new StoreException(StoreException.Kind.TRANSIENT, "erase", seen.key(), "the end", "", null);
			}
		};
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> carryOut(dying, DeletePolicy.TRASH, event));
		assertThat(keys(this.unversioned)).containsExactlyInAnyOrder(KEY, trashKey(event));

		assertThat(delete(this.unversioned, DeletePolicy.TRASH, event)).isEqualTo(Disposition.TRASHED);
		assertThat(keys(this.unversioned)).containsExactly(trashKey(event));
	}

	@Test
	void aKeyThatIsTooLongBehindTheTrashsNameIsToldByItsDigest() throws Exception {
		String path = "d/".repeat(490) + "a.png";
		carryOut(this.unversioned, DeletePolicy.TRASH, this.volume.stored(path, BYTES));

		assertThat(delete(this.unversioned, DeletePolicy.TRASH, this.volume.deleted(path)))
			.isEqualTo(Disposition.TRASHED);
		assertThat(keys(this.unversioned)).singleElement()
			.satisfies((key) -> assertThat(key).matches("app/\\.holdfast-trash/[^/]+/long-name/[0-9a-f]{64}"));
	}

	@Test
	void thePurgeTakesWhatHoldfastTrashedAndWhoseGraceIsOver() throws Exception {
		carryOut(this.unversioned, DeletePolicy.TRASH, this.volume.stored("logo.png", BYTES));
		MediaDeleted event = this.volume.deleted("logo.png");
		delete(this.unversioned, DeletePolicy.TRASH, event);
		// Clocks may differ: the later of the two moments counts.
		Instant noted = this.unversioned.trashed(trashKey(event)).orElseThrow().note().at();
		Instant deleted = event.version().moment();
		Instant trashed = noted.isAfter(deleted) ? noted : deleted;
		// As someone may have put beside it, by hand.
		String foreign = trashKey(event).replace("logo.png", "foreign.png");
		this.unversioned.putForeign(foreign, BYTES);
		this.unversioned.putForeign("app/.holdfast-trash/readme", BYTES);
		carryOut(this.unversioned, DeletePolicy.TRASH, this.volume.stored("kept.png", BYTES));

		assertThat(purge(trashed.plus(GRACE).minusMillis(1))).isZero();
		assertThat(keys(this.unversioned)).contains(trashKey(event));

		assertThat(purge(trashed.plus(GRACE).plusMillis(1))).isOne();
		assertThat(keys(this.unversioned)).containsExactlyInAnyOrder(foreign, "app/.holdfast-trash/readme",
				"app/media/kept.png");
	}

	@Test
	void thePurgeLooksAtTheNoteAndNotAtTheNameAlone() throws Exception {
		carryOut(this.unversioned, DeletePolicy.TRASH, this.volume.stored("logo.png", BYTES));
		MediaDeleted event = this.volume.deleted("logo.png");
		// Carried out long after its time: its grace begins when it is trashed.
		Instant late = event.version().moment().plus(GRACE.multipliedBy(2));
		this.unversioned.copyToTrash(this.unversioned.head(KEY).orElseThrow(), trashKey(event),
				new TrashNote(event.version(), late));
		assertThat(purge(late.plus(Duration.ofDays(1)))).isZero();

		// Copied by hand to an old directory, note and all: not where Holdfast puts it.
		String elsewhere = "app/.holdfast-trash/20200101T000000.000Z-0000/media/logo.png";
		this.unversioned.copyToTrash(this.unversioned.head(KEY).orElseThrow(), elsewhere,
				new TrashNote(event.version(), Instant.EPOCH));
		assertThat(purge(late.plus(Duration.ofDays(1)))).isZero();
		assertThat(keys(this.unversioned)).contains(elsewhere, trashKey(event), KEY);
	}

	private int purge(Instant now) throws Exception {
		return new TrashPurge(this.unversioned, KEYS, GRACE, Clock.fixed(now, ZoneOffset.UTC)).run();
	}

}
