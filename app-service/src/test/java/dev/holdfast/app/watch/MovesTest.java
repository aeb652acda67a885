package dev.holdfast.app.watch;

import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.app.watch.Moves.Move;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class MovesTest {

	private final AtomicLong now = new AtomicLong();

	private final Moves moves = new Moves(this.now::get);

	private final WatchedDirectory root = new WatchedDirectory(1, null, "");

	private final WatchedDirectory directory = new WatchedDirectory(2, this.root, "up");

	@Test
	void whatHasNoSecondHalfIsLeftAfterAWhile() {
		this.root.attach(this.directory);
		this.moves.from(7, this.root, "up", true);
		this.moves.from(8, this.root, "file", false);
		assertThat(this.moves.takeLeft()).as("it may come").isEmpty();
		this.now.addAndGet(Moves.PATIENCE.toNanos());
		assertThat(this.moves.takeLeft()).extracting(Move::path).containsExactly("up", "file");
		assertThat(this.moves.isEmpty()).isTrue();
	}

	@Test
	void whatGoesWhileEventsMayBeUnreadOfWhatWentUnseenIsInDoubt() {
		this.moves.from(7, this.root, "before", false);
		this.moves.doubt();
		this.moves.from(8, this.root, "meanwhile", false);
		assertThat(this.moves.patience(Moves.PATIENCE)).as("whether there are any has to be known").isZero();
		this.moves.readAll();
		this.moves.from(9, this.root, "after", false);
		assertThat(this.moves.patience(Moves.PATIENCE)).isEqualTo(Moves.PATIENCE);
		this.now.addAndGet(Moves.PATIENCE.toNanos());
		assertThat(this.moves.patience(Moves.PATIENCE)).isZero();
		assertThat(this.moves.takeLeft()).extracting(Move::path, Move::doubtful)
			.containsExactly(tuple("before", true), tuple("meanwhile", true), tuple("after", false));
	}

	@Test
	void aDirectoryThatIsFoundUnderItsNewNameFirstIsNotLeft() {
		this.root.attach(this.directory);
		this.moves.found(this.directory);
		this.root.detach(this.directory);
		this.moves.from(7, this.root, "up", true);
		this.now.addAndGet(Moves.PATIENCE.toNanos());
		assertThat(this.moves.takeLeft()).isEmpty();

		this.moves.from(8, this.root, "up", true);
		this.now.addAndGet(Moves.PATIENCE.toNanos());
		assertThat(this.moves.takeLeft()).as("another of that name").extracting(Move::path).containsExactly("up");
	}

	@Test
	void aDirectoryThatIsFoundUnderItsNewNameAfterTheFirstHalfIsNotLeft() {
		this.root.attach(this.directory);
		this.moves.from(7, this.root, "up", true);
		this.moves.found(this.directory);
		this.now.addAndGet(Moves.PATIENCE.toNanos());
		assertThat(this.moves.takeLeft()).isEmpty();
	}

}
