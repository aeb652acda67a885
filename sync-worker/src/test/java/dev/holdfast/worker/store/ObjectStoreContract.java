package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
import dev.holdfast.worker.store.StoreException.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every {@link ObjectStore} does. Each test works below a prefix of its own.
 */
@Timeout(120)
abstract class ObjectStoreContract {

	/** Large enough to be put in parts where the adapter has that: two and a bit. */
	static final int LARGE = 11 * 1024 * 1024 + 123;

	private static final Instant MODIFIED = Instant.parse("2026-11-20T10:11:12.345Z");

	private static final Version VERSION = Version.at(Instant.parse("2026-11-21T00:00:00Z"));

	private static final PutCondition ABSENT = new PutCondition.Absent();

	private String prefix = "";

	/**
	 * The store under test, on a versioned bucket.
	 */
	abstract ObjectStore store();

	@BeforeEach
	void ownPrefix() {
		this.prefix = "contract/" + UUID.randomUUID() + "/";
	}

	final String key(String name) {
		return this.prefix + name;
	}

	static byte[] bytes(int length, long seed) {
		byte[] bytes = new byte[length];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	static PutRequest request(String key, byte[] content, PutCondition condition) {
		return request(key, content.length, Digest.of(content), condition);
	}

	static PutRequest request(String key, long size, Digest digest, PutCondition condition) {
		return request(key, size, digest, VERSION, condition);
	}

	private static PutRequest request(String key, long size, Digest digest, Version version, PutCondition condition) {
		return new PutRequest(key, size, digest, "image/png",
				new ReplicaMetadata(version, digest, MODIFIED, "1000:100", 0640), condition);
	}

	/** Puts a later version over an object. */
	final StoredObject replace(StoredObject seen, byte[] content, Version version) throws Exception {
		return store().put(
				request(seen.key(), content.length, Digest.of(content), version, new PutCondition.Replaces(seen)),
				new BytesContent(content));
	}

	/** The versions of a file that replace another in these tests. */
	static Version version(int number) {
		return Version.at(Instant.parse("2026-11-21T00:00:00Z").plusSeconds(number));
	}

	final StoredObject put(String key, byte[] content, PutCondition condition) throws Exception {
		return store().put(request(key, content, condition), new BytesContent(content));
	}

	final StoredObject put(String key, byte[] content) throws Exception {
		return put(key, content, ABSENT);
	}

	final byte[] read(String key, @Nullable String version) throws Exception {
		try (InputStream in = store().get(key, version)) {
			return in.readAllBytes();
		}
	}

	final List<String> names() throws Exception {
		List<String> names = new ArrayList<>();
		String after = null;
		while (true) {
			ObjectPage page = store().list(this.prefix, after);
			page.objects().forEach((entry) -> names.add(entry.key().substring(this.prefix.length())));
			if (page.last()) {
				return names;
			}
			after = page.objects().getLast().key();
		}
	}

	static void assertFails(Kind kind, Callable<?> call) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(call::call)
			.satisfies((ex) -> assertThat(ex.kind()).as(ex.getMessage()).isEqualTo(kind));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 20_000, LARGE })
	void whatWasPutIsThereWithItsMetadata(int size) throws Exception {
		byte[] content = bytes(size, 1);
		StoredObject stored = put(key("a.png"), content);

		assertThat(stored.size()).isEqualTo(size);
		assertThat(stored.objectVersion()).isNotNull();
		assertThat(stored.etag()).isNotEmpty().doesNotContain("\"");
		assertThat(stored.metadata())
			.isEqualTo(new ReplicaMetadata(VERSION, Digest.of(content), MODIFIED, "1000:100", 0640));
		assertThat(store().head(key("a.png"))).hasValue(stored);
		assertThat(read(key("a.png"), null)).isEqualTo(content);
		assertThat(store().list(this.prefix, null).objects())
			.containsExactly(new ObjectPage.Entry(key("a.png"), size, stored.etag()));
	}

	@Test
	void metadataThatIsNotKnownIsNotMadeUp() throws Exception {
		byte[] content = bytes(10, 2);
		ReplicaMetadata sparse = new ReplicaMetadata(VERSION, Digest.of(content), MODIFIED, null, null);
		store().put(new PutRequest(key("a"), 10, Digest.of(content), "text/plain", sparse, ABSENT),
				new BytesContent(content));
		assertThat(store().head(key("a")).orElseThrow().metadata()).isEqualTo(sparse);
	}

	@Test
	void whatIsNotThereIsNotFound() throws Exception {
		assertThat(store().head(key("none"))).isEmpty();
		assertFails(Kind.NOT_FOUND, () -> store().get(key("none"), null));
		assertThat(store().list(this.prefix, null)).isEqualTo(new ObjectPage(List.of(), true));
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE })
	void absentHoldsOnlyWhereNothingIs(int size) throws Exception {
		byte[] first = bytes(size, 3);
		put(key("a"), first);
		assertFails(Kind.CONFLICT, () -> put(key("a"), bytes(size, 4)));
		assertThat(read(key("a"), null)).isEqualTo(first);
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE })
	void replacesHoldsOnlyForThatObject(int size) throws Exception {
		StoredObject first = put(key("a"), bytes(size, 5));
		byte[] second = bytes(size, 6);
		StoredObject replaced = put(key("a"), second, new PutCondition.Replaces(first));
		assertThat(replaced.objectVersion()).isNotEqualTo(first.objectVersion());

		assertFails(Kind.CONFLICT, () -> put(key("a"), bytes(size, 7), new PutCondition.Replaces(first)));
		assertFails(Kind.CONFLICT, () -> put(key("none"), bytes(size, 7), new PutCondition.Replaces(first)));
		assertThat(read(key("a"), null)).isEqualTo(second);
		assertThat(store().head(key("none"))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 10, LARGE })
	void whatReplacesIsThereWithItsMetadata(int size) throws Exception {
		StoredObject first = put(key("a"), bytes(100, 5));
		byte[] content = bytes(size, 6);
		StoredObject second = replace(first, content, version(1));
		assertThat(second.metadata())
			.isEqualTo(new ReplicaMetadata(version(1), Digest.of(content), MODIFIED, "1000:100", 0640));
		assertThat(second.objectVersion()).isNotNull().isNotEqualTo(first.objectVersion());
		assertThat(store().head(key("a"))).hasValue(second);
		assertThat(read(key("a"), null)).isEqualTo(content);
		assertThat(names()).containsExactly("a");
		assertNothingUnfinished();
	}

	/** The same bytes have the same entity tag, however often and in which order. */
	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE })
	void replacesHoldsNotForAnotherObjectWithTheSameBytes(int size) throws Exception {
		byte[] bytes = bytes(size, 5);
		StoredObject first = put(key("a"), bytes);
		StoredObject back = replace(replace(first, bytes(size, 6), version(2)), bytes, version(3));

		assertFails(Kind.CONFLICT, () -> replace(first, bytes(size, 7), version(1)));
		assertThat(store().head(key("a"))).hasValue(back);
		StoredObject again = replace(back, bytes, version(4));
		assertFails(Kind.CONFLICT, () -> replace(back, bytes(size, 7), version(3)));
		assertThat(store().head(key("a"))).hasValue(again);
	}

	/** A worker that takes its time over the content is late by then. */
	@ParameterizedTest
	@ValueSource(ints = { 1000, LARGE })
	void whoIsOvertakenWhileItSendsIsTooLate(int size) throws Exception {
		byte[] bytes = bytes(size, 5);
		StoredObject first = put(key("a"), bytes);
		byte[] late = bytes(size, 6);
		CountDownLatch reading = new CountDownLatch(1);
		CountDownLatch overtaken = new CountDownLatch(1);
		ContentSource slow = () -> new FilteredChannel(new BytesContent(late).open(), (position) -> {
			reading.countDown();
			awaitAsAChannelDoes(overtaken);
		});
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<StoredObject> sending = threads.submit(() -> store()
				.put(request(key("a"), size, Digest.of(late), version(1), new PutCondition.Replaces(first)), slow));
			reading.await();
			StoredObject newer = replace(first, bytes, version(2));
			overtaken.countDown();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(sending::get)
				.havingCause()
				.isInstanceOfSatisfying(StoreException.class,
						(ex) -> assertThat(ex.kind()).as(ex.getMessage()).isEqualTo(Kind.CONFLICT));
			assertThat(store().head(key("a"))).hasValue(newer);
		}
		assertNothingUnfinished();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, LARGE })
	void ofManyCreatorsOneWins(int size) throws Exception {
		List<StoredObject> winners = create(size);
		assertThat(winners).hasSize(1);
		assertThat(store().head(key("contested"))).hasValue(winners.getFirst());
	}

	/** Several at a time put an object where there is none; these did. */
	final List<StoredObject> create(int size) throws Exception {
		int creators = 4;
		CyclicBarrier together = new CyclicBarrier(creators);
		List<Future<@Nullable StoredObject>> outcomes;
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			outcomes = threads.invokeAll(
					IntStream.range(0, creators).mapToObj((creator) -> create(creator, size, together)).toList());
		}
		List<StoredObject> winners = new ArrayList<>();
		for (Future<@Nullable StoredObject> outcome : outcomes) {
			StoredObject stored = outcome.get();
			if (stored != null) {
				winners.add(stored);
			}
		}
		return winners;
	}

	/** The object, or null where another creator was first. */
	private Callable<@Nullable StoredObject> create(int seed, int size, CyclicBarrier together) {
		byte[] content = bytes(size, seed);
		return () -> {
			together.await();
			try {
				return put(key("contested"), content);
			}
			catch (StoreException ex) {
				assertThat(ex.kind()).as(ex.getMessage()).isEqualTo(Kind.CONFLICT);
				return null;
			}
		};
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1000, LARGE })
	void bytesOfAnotherDigestAreRefused(int size) throws Exception {
		byte[] content = bytes(size, 8);
		Digest other = Digest.of(bytes(size + 1, 9));
		assertFails(Kind.REFUSED_BYTES,
				() -> store().put(request(key("a"), size, other, ABSENT), new BytesContent(content)));
		assertThat(store().head(key("a"))).isEmpty();
		assertNothingUnfinished();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, LARGE })
	void contentThatEndsEarlyIsRefused(int size) throws Exception {
		byte[] content = bytes(size, 10);
		byte[] shorter = Arrays.copyOf(content, size - 100);
		assertFails(Kind.REFUSED_BYTES,
				() -> store().put(request(key("a"), content, ABSENT), new BytesContent(shorter)));
		assertThat(store().head(key("a"))).isEmpty();
		assertNothingUnfinished();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, LARGE })
	void refusedBytesLeaveWhatWasThere(int size) throws Exception {
		byte[] first = bytes(size, 11);
		StoredObject stored = put(key("a"), first);
		byte[] second = bytes(size, 12);
		assertFails(Kind.REFUSED_BYTES,
				() -> store().put(request(key("a"), size, Digest.of(second), new PutCondition.Replaces(stored)),
						new BytesContent(bytes(size, 13))));
		assertThat(store().head(key("a"))).hasValue(stored);
		assertThat(read(key("a"), null)).isEqualTo(first);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, LARGE })
	void failureOfTheContentComesThroughAsItIs(int size) throws Exception {
		byte[] content = bytes(size, 14);
		ContentSource failing = () -> new FilteredChannel(new BytesContent(content).open(), (position) -> {
			if (position >= size * 3 / 4) {
				throw new IOException("Input/output error");
			}
		});
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> store().put(request(key("a"), content, ABSENT), failing))
			.withMessage("Input/output error");
		assertThat(store().head(key("a"))).isEmpty();
		assertNothingUnfinished();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, LARGE })
	void interruptEndsAPutSoonAndLeavesNothing(int size) throws Exception {
		byte[] content = bytes(size, 15);
		CountDownLatch reading = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		ContentSource hanging = () -> new FilteredChannel(new BytesContent(content).open(), (position) -> {
			if (position >= size / 2) {
				reading.countDown();
				awaitAsAChannelDoes(never);
			}
		});
		AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
		Thread putting = Thread.ofPlatform().start(() -> {
			try {
				store().put(request(key("a"), content, ABSENT), hanging);
			}
			catch (Exception ex) {
				thrown.set(ex);
			}
		});
		reading.await();
		putting.interrupt();
		assertThat(putting.join(Duration.ofSeconds(10))).as("the put ended").isTrue();
		assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
		assertThat(store().head(key("a"))).isEmpty();
		assertNothingUnfinished();
	}

	private static void awaitAsAChannelDoes(CountDownLatch latch) throws ClosedByInterruptException {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ClosedByInterruptException();
		}
	}

	@Test
	void anInterruptedThreadGetsNowhere() {
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> store().head(key("a")));
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> put(key("a"), bytes(10, 16)));
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void overwrittenVersionsCanStillBeRead() throws Exception {
		byte[] first = bytes(100, 17);
		byte[] second = bytes(200, 18);
		StoredObject old = put(key("a"), first);
		put(key("a"), second, new PutCondition.Replaces(old));
		assertThat(read(key("a"), null)).isEqualTo(second);
		assertThat(read(key("a"), old.objectVersion())).isEqualTo(first);
		assertThat(store().versioned()).isTrue();
	}

	@Test
	void removingHidesTheObjectAndKeepsItsVersions() throws Exception {
		byte[] content = bytes(100, 19);
		StoredObject stored = put(key("a"), content);
		assertThat(store().remove(stored)).hasValueSatisfying((marker) -> assertThat(marker).isNotEmpty());

		assertThat(store().head(key("a"))).isEmpty();
		assertFails(Kind.NOT_FOUND, () -> store().get(key("a"), null));
		assertThat(names()).isEmpty();
		assertThat(read(key("a"), stored.objectVersion())).isEqualTo(content);
		assertThat(store().remove(stored)).as("removed again").isEmpty();

		assertThat(put(key("a"), content).objectVersion()).isNotEqualTo(stored.objectVersion());
	}

	@Test
	void anotherObjectThanTheOneLookedAtIsNotRemoved() throws Exception {
		StoredObject seen = put(key("a"), bytes(100, 21));
		StoredObject newer = put(key("a"), bytes(100, 22), new PutCondition.Replaces(seen));

		assertFails(Kind.CONFLICT, () -> store().remove(seen));
		assertFails(Kind.CONFLICT, () -> {
			store().copyToTrash(seen, key("trash"), new TrashNote(VERSION.next(), MODIFIED));
			return true;
		});
		assertThat(store().head(key("a"))).hasValue(newer);
		assertThat(store().trashed(key("trash"))).isEmpty();
	}

	@Test
	void aCopyInTheTrashHasItsNoteAndTheSameBytes() throws Exception {
		byte[] content = bytes(20_000, 23);
		StoredObject seen = put(key("ümläut +.png"), content);
		TrashNote note = new TrashNote(VERSION.next(), MODIFIED.plusMillis(1));
		store().copyToTrash(seen, key("trash/ümläut +.png"), note);

		assertThat(store().trashed(key("trash/ümläut +.png"))).hasValueSatisfying((trashed) -> {
			assertThat(trashed.note()).isEqualTo(note);
			assertThat(trashed.object().metadata()).isEqualTo(seen.metadata());
			assertThat(trashed.object().size()).isEqualTo(content.length);
		});
		assertThat(read(key("trash/ümläut +.png"), null)).isEqualTo(content);
		assertThat(store().head(key("ümläut +.png"))).as("the original").hasValue(seen);
		assertThat(store().trashed(key("ümläut +.png"))).as("what bears no note").isEmpty();
		assertThat(store().trashed(key("none"))).isEmpty();
	}

	@Test
	void nothingIsErasedWhereVersionsWouldStay() throws Exception {
		StoredObject seen = put(key("a"), bytes(100, 24));
		assertFails(Kind.PERMANENT, () -> {
			store().erase(seen);
			return true;
		});
		assertThat(store().head(key("a"))).hasValue(seen);
	}

	@Test
	void keysAreKeptAsTheyAre() throws Exception {
		List<String> odd = List.of("with space", "a+b", "a;b", "-x", "a&b=c?d#e", "a%20b", "a:b@c", "(a)'b'!*~", "$a,b",
				"ümläut", Normalizer.normalize("ümläut", Normalizer.Form.NFD), "日本語.png", "😀.gif", "[a]{b}|^`\"<>",
				"dir/-y z/ü+.txt", "trailing.", "back\\slash", ".hidden", "..a", "a..b");
		for (String name : odd) {
			put(key(name), name.getBytes(StandardCharsets.UTF_8));
		}
		for (String name : odd) {
			assertThat(store().head(key(name))).as(name).isPresent();
			assertThat(read(key(name), null)).asString(StandardCharsets.UTF_8).isEqualTo(name);
		}
		assertThat(names()).containsExactlyInAnyOrderElementsOf(odd);
		assertThat(store().remove(store().head(key("a+b")).orElseThrow())).isPresent();
		assertThat(names()).hasSize(odd.size() - 1).doesNotContain("a+b");
	}

	@Test
	void keysOfTheGreatestLengthAreTaken() throws Exception {
		String name = "d".repeat(200) + "/";
		String full = key(name.repeat(4));
		String longest = full + "é".repeat((1024 - full.length()) / 2) + "x".repeat((1024 - full.length()) % 2);
		assertThat(longest.getBytes(StandardCharsets.UTF_8)).hasSize(1024);
		put(longest, bytes(10, 20));
		assertThat(store().head(longest)).isPresent();
		assertThat(names()).containsExactly(longest.substring(this.prefix.length()));
	}

	@Test
	void listingGoesOnPageByPageInOrder() throws Exception {
		List<String> expected = IntStream.range(0, 1100).mapToObj((i) -> "%04d.txt".formatted(i)).toList();
		try (ExecutorService threads = Executors.newFixedThreadPool(16, Thread.ofVirtual().factory())) {
			for (Future<StoredObject> put : threads.invokeAll(expected.stream()
				.map((name) -> (Callable<StoredObject>) () -> put(key(name), name.getBytes(StandardCharsets.UTF_8)))
				.toList())) {
				assertThat(put.get()).isNotNull();
			}
		}
		ObjectPage first = store().list(this.prefix, null);
		assertThat(first.last()).isFalse();
		assertThat(first.objects()).hasSize(1000);
		assertThat(names()).isEqualTo(expected);
		assertThat(store().list(this.prefix, key("1098.txt")).objects()).extracting(ObjectPage.Entry::key)
			.containsExactly(key("1099.txt"));
	}

	@Test
	void aPrefixIsNoDirectory() throws Exception {
		put(key("ab/c"), bytes(1, 21));
		put(key("abc"), bytes(1, 22));
		assertThat(store().list(key("ab"), null).objects()).hasSize(2);
		assertThat(store().list(key("ab/"), null).objects()).hasSize(1);
	}

	@Test
	void theProbeOfABucketThatIsThereSaysNothing() throws Exception {
		store().probe();
	}

	/** No parts lie about that nobody will ever ask for. */
	final void assertNothingUnfinished() throws Exception {
		assertThat(store().abortStaleUploads(Duration.ofDays(-1))).as("unfinished uploads").isZero();
	}

	/** Does something before each read of another channel. */
	static final class FilteredChannel implements SeekableByteChannel {

		private final SeekableByteChannel target;

		private final BeforeRead before;

		FilteredChannel(SeekableByteChannel target, BeforeRead before) {
			this.target = target;
			this.before = before;
		}

		interface BeforeRead {

			void at(long position) throws IOException;

		}

		@Override
		public int read(ByteBuffer buffer) throws IOException {
			this.before.at(this.target.position());
			return this.target.read(buffer.limit(Math.min(buffer.limit(), buffer.position() + 100)));
		}

		@Override
		public int write(ByteBuffer source) throws IOException {
			return this.target.write(source);
		}

		@Override
		public long position() throws IOException {
			return this.target.position();
		}

		@Override
		public SeekableByteChannel position(long position) throws IOException {
			this.target.position(position);
			return this;
		}

		@Override
		public long size() throws IOException {
			return this.target.size();
		}

		@Override
		public SeekableByteChannel truncate(long size) throws IOException {
			return this.target.truncate(size);
		}

		@Override
		public boolean isOpen() {
			return this.target.isOpen();
		}

		@Override
		public void close() throws IOException {
			this.target.close();
		}

	}

}
