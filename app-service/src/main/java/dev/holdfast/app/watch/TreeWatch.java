package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.holdfast.app.linux.Inotify;
import dev.holdfast.app.linux.InotifyEvent;
import dev.holdfast.app.linux.InotifyEvent.Kind;
import dev.holdfast.app.linux.LinuxException;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.watch.Moves.Move;
import org.jspecify.annotations.Nullable;

/**
 * Watches the directories of a volume by one inotify descriptor, and turns events into
 * files that have to settle, names that are gone, and gaps. Used by one thread, but for
 * {@link #wake()}.
 */
final class TreeWatch implements AutoCloseable {

	private final Sightings sightings;

	private final Arrivals arrivals;

	private final Gaps gaps;

	private final WatchCounts counts;

	private final Clock clock;

	private final Inotify inotify;

	private final DirectoryTree tree = new DirectoryTree();

	private final Moves moves = new Moves(System::nanoTime);

	private final Placement placement;

	private final MediaNames names;

	private final NewNames newNames;

	private final Volume volume;

	private State state = State.WHOLE;

	/**
	 * Watches nothing before {@link #placeAll()}.
	 * @param watches what is to be between this and the descriptor's watches
	 * @throws IOException where the volume's root is not there or the kernel gives no
	 * descriptor
	 */
	TreeWatch(Volume volume, Settling settling, NewNames newNames, Gaps gaps, WatchCounts counts,
			UnaryOperator<Watches> watches, Clock clock) throws IOException {
		// Before the root is opened: where that is another by then, its deletes say
		// nothing.
		this.sightings = new Sightings(settling, gaps, volume.generation(), clock.instant());
		this.volume = volume;
		this.gaps = gaps;
		this.counts = counts;
		this.clock = clock;
		// The root itself may be a symbolic link, what is below it may not.
		Path root = volume.root().toRealPath();
		this.inotify = Inotify.open();
		this.names = new MediaNames(volume, counts);
		this.newNames = newNames;
		this.placement = new Placement(volume.name(), root, watches.apply(Watches.of(this.inotify)), this.tree,
				this.names, this.moves, counts);
		this.arrivals = new Arrivals(this.placement, this.names, newNames, this.sightings, gaps);
	}

	/** How the watching is. */
	enum State {

		/** Nothing was missed. */
		WHOLE,

		/** The kernel dropped events: everything has to be begun anew. */
		OVERFLOWN,

		/** The volume's root is another directory now, or none. */
		ROOT_LOST

	}

	/**
	 * Watches every directory of the volume.
	 * @throws LinuxException where not even the root can be watched
	 */
	void placeAll() throws LinuxException {
		this.placement.placeRoot();
	}

	/**
	 * Waits for events and deals with them.
	 */
	State read(Duration atMost) throws LinuxException {
		Instant before = this.clock.instant();
		List<InotifyEvent> events = this.inotify.read(this.moves.patience(atMost));
		for (InotifyEvent event : events) {
			if (this.state != State.WHOLE) {
				break;
			}
			handle(event);
		}
		if (this.state == State.WHOLE && events.isEmpty()) {
			readAll();
			this.sightings.whole(before);
		}
		this.counts.watches.set(this.tree.size());
		return this.state;
	}

	/**
	 * What is not known of a move by now will not be.
	 */
	private void readAll() {
		for (Move move : this.moves.takeLeft()) {
			left(move);
		}
		this.moves.readAll();
		if (this.moves.isEmpty()) {
			this.newNames.begin();
		}
	}

	/**
	 * Whether the volume has not been away since this began.
	 */
	boolean isCurrent() {
		return this.volume.generation() == this.sightings.generation();
	}

	/**
	 * Until when nothing was missed.
	 */
	Instant whole() {
		return this.sightings.whole();
	}

	/**
	 * Tries again where no watch could be placed, and has those directories scanned.
	 */
	void lookAtUnwatched() {
		Instant since = whole();
		for (String directory : this.placement.retry()) {
			this.gaps.unwatched(directory, since);
		}
		this.counts.watches.set(this.tree.size());
	}

	/**
	 * Why not every directory is watched; {@code null} where each is.
	 */
	@Nullable String trouble() {
		return this.placement.trouble();
	}

	void wake() {
		this.inotify.wake();
	}

	private void handle(InotifyEvent event) {
		this.counts.events.increment();
		if (event.is(Kind.OVERFLOW)) {
			this.counts.overflows.increment();
			this.state = State.OVERFLOWN;
			return;
		}
		WatchedDirectory directory = this.tree.find(event.watch());
		if (directory == null) {
			// Of a directory that has been moved away or forgotten.
			return;
		}
		if (event.rawName().length == 0) {
			self(event, directory);
			return;
		}
		Optional<String> name = event.name();
		if (name.isEmpty()) {
			this.names.refuseIn(directory.path(), event.isDirectory());
			Move move = event.is(Kind.MOVED_TO) ? this.moves.take(event.cookie()) : null;
			if (move != null) {
				// Missing rather than deleted, as below.
				forgetWatch(move);
			}
		}
		else if (event.isDirectory()) {
			directory(event, directory, name.get());
		}
		else {
			file(event, directory, name.get());
		}
	}

	private void self(InotifyEvent event, WatchedDirectory directory) {
		boolean ended = event.is(Kind.DELETE_SELF) || event.is(Kind.UNMOUNT) || event.is(Kind.IGNORED);
		if (this.tree.isRoot(directory)) {
			if (ended || event.is(Kind.MOVE_SELF)) {
				this.state = State.ROOT_LOST;
			}
		}
		else if (ended) {
			this.tree.forget(directory);
			if (!event.is(Kind.DELETE_SELF)) {
				this.sightings.lost(directory.path());
			}
		}
	}

	private void directory(InotifyEvent event, WatchedDirectory parent, String name) {
		String path = parent.pathOf(name);
		if (event.is(Kind.MOVED_FROM)) {
			this.moves.from(event.cookie(), parent, name, true);
			return;
		}
		if (event.is(Kind.DELETE)) {
			forget(parent.child(name));
			directoryGone(path);
			return;
		}
		Move move = event.is(Kind.MOVED_TO) ? this.moves.take(event.cookie()) : null;
		// A mode or an owner that keeps others out may have gone from it just now.
		boolean opened = event.is(Kind.ATTRIB) && this.placement.isUnwatched(parent, name);
		if (!event.is(Kind.MOVED_TO) && !event.is(Kind.CREATE) && !opened) {
			return;
		}
		if (!this.names.mayCover(path)) {
			if (move != null) {
				wentTo(path, move);
			}
		}
		else if (move == null) {
			came(parent, name, null);
		}
		else {
			renamed(parent, name, move);
		}
	}

	private void renamed(WatchedDirectory parent, String name, Move move) {
		WatchedDirectory moved = move.watched();
		if (moved != null && !this.tree.isWithin(parent, moved)) {
			forgetOther(parent.child(name), moved);
			this.tree.move(moved, parent, name);
		}
		String listedAt = (moved == null) ? null : moved.listedAt();
		String former = (listedAt == null) ? move.path() : listedAt;
		if (moved != null) {
			// Until it is listed. Where it has gone on already, an event to come tells.
			moved.listedAt(former);
		}
		came(parent, name, former);
	}

	private void came(WatchedDirectory parent, String name, @Nullable String former) {
		this.arrivals.came(parent, name, former);
		WatchedDirectory arrived = parent.child(name);
		if (arrived != null) {
			this.moves.arrived(arrived);
		}
		if (this.newNames.areTooMany()) {
			this.moves.doubt();
		}
	}

	private void file(InotifyEvent event, WatchedDirectory parent, String name) {
		String path = parent.pathOf(name);
		if (event.is(Kind.MOVED_FROM)) {
			this.moves.from(event.cookie(), parent, name, false);
			return;
		}
		Move move = event.is(Kind.MOVED_TO) ? this.moves.take(event.cookie()) : null;
		if (!this.names.covers(path)) {
			if (move != null) {
				wentTo(path, move);
			}
		}
		else if (event.is(Kind.DELETE)) {
			this.sightings.gone(path, false);
		}
		else if (move != null && this.names.covers(move.path())) {
			this.sightings.renamed(move.path(), path);
		}
		else if (event.is(Kind.ATTRIB)) {
			this.sightings.touched(path, null);
		}
		else {
			if (move == null && event.is(Kind.MOVED_TO)) {
				this.newNames.came(path);
			}
			this.sightings.touched(path, !event.is(Kind.CREATE));
		}
	}

	/**
	 * Nothing tells where the name went: off the volume, if that is watched everywhere
	 * and was when it went. Else it may be somewhere, and is missing.
	 */
	private void left(Move move) {
		if (!move.doubtful() && this.placement.isEverywhere()) {
			wentAway(move);
		}
		else {
			forgetWatch(move);
		}
	}

	/**
	 * The name went where nothing is looked after. Where it left the volume, or the rules
	 * leave the new name out, it is gone.
	 */
	private void wentAway(Move move) {
		forgetWatch(move);
		if (move.directory()) {
			directoryGone(move.path());
		}
		else if (this.names.covers(move.path())) {
			this.sightings.gone(move.path(), false);
		}
	}

	/**
	 * What was in it went with it, or before that and was seen to, if nothing went
	 * unseen.
	 */
	private void directoryGone(String path) {
		if (!this.moves.areDoubtful()) {
			this.sightings.gone(path, true);
		}
	}

	/**
	 * The name became another one.
	 */
	private void wentTo(String path, Move move) {
		if (this.names.isLookedFor(path, move.directory())) {
			// The rules want it, and no media file can have the name: the file is on the
			// volume still, so the old name is missing rather than deleted.
			forgetWatch(move);
		}
		else {
			wentAway(move);
		}
	}

	private void forgetWatch(Move move) {
		WatchedDirectory watched = move.watched();
		// A watch that was found under another name meanwhile stays there.
		if (watched != null && watched.path().equals(move.path())) {
			forget(watched);
		}
	}

	private void forgetOther(@Nullable WatchedDirectory one, WatchedDirectory kept) {
		if (one != kept) {
			forget(one);
		}
	}

	private void forget(@Nullable WatchedDirectory directory) {
		if (directory != null) {
			this.placement.forget(directory);
		}
	}

	@Override
	public void close() {
		this.inotify.close();
		this.counts.watches.set(0);
	}

}
