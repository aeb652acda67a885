package dev.holdfast.app.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.app.watch.Settling.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class SettlingTest {

	private static final long SETTLE = Duration.ofMillis(200).toNanos();

	private final AtomicLong now = new AtomicLong(1_000_000_000L);

	private final Settling settling = new Settling(Duration.ofNanos(SETTLE), 3,
			Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), this.now::get);

	@Test
	void aFileIsDueTheSettleTimeAfterItsLastEvent() throws InterruptedException {
		this.settling.touched("a", false);
		this.now.addAndGet(SETTLE / 2);
		this.settling.touched("b", true);
		this.settling.touched("a", true);
		this.now.addAndGet(SETTLE / 2);
		this.settling.touched("a", null);
		this.now.addAndGet(SETTLE / 2);

		assertThat(take().file().path()).isEqualTo("b");
		this.now.addAndGet(SETTLE / 2);
		Task a = take();
		assertThat(a.file().path()).isEqualTo("a");
		assertThat(a.unclosed()).as("the last word on that").isNull();
		assertThat(this.settling.size()).as("until they are dealt with").isEqualTo(2);
		this.settling.done(a);
		assertThat(this.settling.size()).isOne();
	}

	@Test
	void aFileThatIsTouchedAllTheTimeTakesNoMoreRoomForThat() throws InterruptedException {
		this.settling.touched("a", true);
		this.now.addAndGet(SETTLE);
		this.settling.later(take(), Duration.ofHours(1));
		for (int i = 0; i < 1000; i++) {
			this.settling.touched("a", true);
			this.now.addAndGet(1000);
		}
		assertThat(this.settling.entries()).as("the one put off and the one brought forward").isEqualTo(2);
		this.settling.touched("b", true);
		this.now.addAndGet(SETTLE);
		assertThat(take().file().path()).isEqualTo("a");
		assertThat(take().file().path()).isEqualTo("b");
	}

	@Test
	void oneThatIsTouchedWithoutEndIsLookedAtAllTheSame() throws InterruptedException {
		for (int i = 0; i < 25; i++) {
			this.settling.touched("a", true);
			this.now.addAndGet(SETTLE / 2);
		}
		assertThat(take().file().path()).isEqualTo("a");
	}

	@Test
	void whatHappensDuringTheWorkHasItDoneAgain() throws InterruptedException {
		this.settling.touched("a", true);
		this.now.addAndGet(SETTLE);
		Task first = take();
		this.settling.gone("a", false, 1);
		this.settling.done(first);

		this.now.addAndGet(SETTLE);
		Task second = take();
		assertThat(second.gone()).isTrue();
		this.settling.touched("a", false);
		this.settling.later(second, Duration.ofHours(1));
		this.now.addAndGet(SETTLE);
		assertThat(take().gone()).as("it is there again").isFalse();
	}

	@Test
	void aDeleteThatTheWorkTookBackIsForgotten() throws InterruptedException {
		this.settling.renamed("b", "a", 1);
		this.settling.gone("a", false, 1);
		this.now.addAndGet(SETTLE);
		Task seen = take();
		assertThat(seen.gone()).isTrue();
		assertThat(seen.formerPaths()).containsExactly("b");
		this.settling.later(seen.withoutDeletes(), Duration.ofSeconds(1));
		this.now.addAndGet(Duration.ofSeconds(1).toNanos());

		Task next = take();
		assertThat(next.gone()).isFalse();
		assertThat(next.formerPaths()).isEmpty();
		this.settling.gone("a", false, 1);
		this.settling.later(next, Duration.ofHours(1));
		this.now.addAndGet(SETTLE);
		assertThat(take().gone()).as("it was seen to go again").isTrue();
	}

	@Test
	void whatWasSeenToGoOfTheVolumeAsItWasTakenBeforeIsForgotten() throws InterruptedException {
		this.settling.gone("a", false, 1);
		this.settling.renamed("b", "a2", 1);
		this.settling.renamed("a2", "a", 2);
		this.settling.gone("a", false, 1);
		this.now.addAndGet(SETTLE);
		Task task = List.of(take(), take())
			.stream()
			.filter((taken) -> taken.file().path().equals("a"))
			.findFirst()
			.orElseThrow();

		assertThat(task.gone()).isFalse();
		assertThat(task.formerPaths()).containsExactly("a2");
		assertThat(task.seenIn()).isEqualTo(2);
	}

	@Test
	void anEventBringsForwardWhatWasPutOff() throws InterruptedException {
		this.settling.touched("a", true);
		this.now.addAndGet(SETTLE);
		this.settling.later(take(), Duration.ofHours(1));
		this.settling.touched("a", true);
		this.now.addAndGet(SETTLE);
		assertThat(take().file().path()).isEqualTo("a");
	}

	@Test
	void theNamesThatAFileHadGoWithIt() throws InterruptedException {
		this.settling.renamed("a", "b", 1);
		this.settling.renamed("b", "c", 1);
		this.now.addAndGet(SETTLE);
		List<Task> tasks = List.of(take(), take());

		assertThat(tasks).extracting((task) -> task.file().path()).containsExactly("b", "c");
		assertThat(tasks.getFirst().formerPaths()).isEmpty();
		assertThat(tasks.getLast().formerPaths()).containsExactly("a", "b");
	}

	@Test
	void theNamesThatAFileHadGoWithItWhileItIsWorkedOn() throws InterruptedException {
		this.settling.renamed("a", "b", 1);
		this.now.addAndGet(SETTLE);
		Task b = take();
		assertThat(b.formerPaths()).containsExactly("a");
		this.settling.renamed("b", "c", 1);
		this.settling.done(b);
		this.now.addAndGet(SETTLE);
		Task c = take();
		assertThat(c.formerPaths()).containsExactly("a", "b");

		this.settling.gone("c", false, 1);
		this.settling.done(c);
		this.now.addAndGet(SETTLE);
		Task gone = take();
		assertThat(gone.gone()).isTrue();
		assertThat(gone.formerPaths()).containsExactly("a", "b");
		this.settling.gone("c", false, 1);
		this.settling.done(gone.withoutDeletes());
		this.now.addAndGet(SETTLE);
		assertThat(take().formerPaths()).as("they were dealt with").isEmpty();
	}

	@Test
	void whoWritesAFileClosesItUnderTheNameThatItWasGiven() throws InterruptedException {
		this.settling.touched("a.part", false);
		this.now.addAndGet(1);
		this.settling.renamed("a.part", "a", 1);
		this.now.addAndGet(1);
		assertThat(this.settling.unclosed("a")).hasValueSatisfying((file) -> assertThat(file.moved()).isTrue());
		this.settling.found("dir/a", new FoundFiles((_) -> {
		}), "a", 1);
		assertThat(this.settling.unclosed("dir/a")).isPresent();
		this.settling.touched("dir/a", true);
		assertThat(this.settling.unclosed("dir/a")).isEmpty();
		this.now.addAndGet(SETTLE);

		List<Task> tasks = List.of(take(), take(), take());
		assertThat(tasks).extracting((task) -> task.file().path()).containsExactly("a.part", "a", "dir/a");
		assertThat(tasks).extracting(Task::formerPaths).containsExactly(List.of(), List.of(), List.of("a.part", "a"));
		this.settling.done(tasks.getFirst());
		assertThat(this.settling.renamed("dir/a", "b", 1)).isTrue();
		assertThat(this.settling.unclosed("b")).as("it was closed before").isEmpty();
	}

	@Test
	void whereEventsWereMissedNoClosingIsWaitedFor() {
		this.settling.touched("a", false);
		this.settling.touched("dir/b", false);
		this.settling.touched("dir-c", false);
		this.settling.missed("dir");
		assertThat(List.of("a", "dir/b", "dir-c")).filteredOn((path) -> this.settling.unclosed(path).isPresent())
			.containsExactly("a", "dir-c");
		this.settling.missed("");
		assertThat(this.settling.unclosed("a")).isEmpty();
	}

	@Test
	void noMoreAreTakenThanThereIsRoomFor() {
		for (String path : List.of("a", "b", "c")) {
			assertThat(this.settling.touched(path, true)).isTrue();
		}
		assertThat(this.settling.touched("d", true)).isFalse();
		assertThat(this.settling.touched("a", true)).as("known already").isTrue();
		assertThat(this.settling.hasRoom()).isFalse();
	}

	@Test
	void findingsEndWhenTheLastWasLookedAt() {
		List<String> told = new ArrayList<>();
		FoundFiles findings = new FoundFiles((all) -> told.add(all.scanned() + "/" + all.changed()));
		findings.add();
		findings.add();
		findings.lookedAt(true);
		findings.lookedAt(false);
		assertThat(told).as("there may be more").isEmpty();
		findings.end();
		assertThat(told).containsExactly("2/1");
	}

	private Task take() throws InterruptedException {
		Task task = this.settling.take();
		if (task == null) {
			throw new AssertionError("It is closed");
		}
		return task;
	}

}
