package dev.holdfast.app.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.holdfast.app.watch.PendingFile.Unclosed;
import org.jspecify.annotations.Nullable;

/**
 * The files of a volume on which something has happened and which may not be finished,
 * each once, in the order in which they are due. An event puts its file back by the
 * settle time. What happens to one while it is being worked on has it worked on again: no
 * event is lost between the look at a file and the end of the work.
 * <p>
 * Memory is bounded: beyond a number of files none is taken, and whoever brings one has
 * to scan its directory instead. Safe for use by many threads.
 */
final class Settling {

	private static final Duration MOST_PUT_BACK = Duration.ofSeconds(2);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Map<String, PendingFile> files = new HashMap<>();

	private final PriorityQueue<Entry> queue = new PriorityQueue<>(Comparator.comparingLong(Entry::due));

	private final Duration settle;

	private final int most;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private boolean closed;

	/**
	 * An empty one.
	 * @param settle how long after the last event a file is looked at
	 * @param most how many files are taken
	 * @param clock tells since when a file waits, to be shown
	 * @param nanoTime tells how long it has waited, and when it is due
	 */
	Settling(Duration settle, int most, Clock clock, LongSupplier nanoTime) {
		this.settle = settle;
		this.most = most;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	private record Entry(PendingFile file, long due, int ticket) {

	}

	/**
	 * What is to be done about a file, as far as it was known when it was taken.
	 *
	 * @param file the file
	 * @param unclosed the writer that has yet to close it; {@code null} where none is
	 * known
	 * @param gone whether the name was seen to go
	 * @param formerPaths other names that the file had, and that are gone
	 * @param seenIn which taking of the volume that was seen in
	 * @param findings the findings that it is one of
	 */
	record Task(PendingFile file, @Nullable Unclosed unclosed, boolean gone, List<String> formerPaths, long seenIn,
			List<FoundFiles> findings) {

		/**
		 * The same, with nothing that was seen to go, or with that dealt with.
		 */
		Task withoutDeletes() {
			return new Task(this.file, this.unclosed, false, List.of(), this.seenIn, this.findings);
		}

	}

	/**
	 * Something happened to the file.
	 * @param closed whether a writer closed it or it came by a rename; {@code false}
	 * where it was created, {@code null} where that says nothing
	 * @return whether it was taken
	 */
	boolean touched(String path, @Nullable Boolean closed) {
		return change(path, false, (file) -> {
			if (closed != null) {
				file.closed(closed);
			}
			file.gone = false;
		});
	}

	/**
	 * The name was seen to go.
	 * @param seenIn which taking of the volume it was seen in
	 * @return whether it was taken
	 */
	boolean gone(String path, boolean directory, long seenIn) {
		return change(path, directory, (file) -> {
			if (file.sees(seenIn)) {
				file.gone = true;
			}
		});
	}

	/**
	 * The file was given another name, which is dealt with before the one it had.
	 * @param seenIn which taking of the volume it was seen in
	 * @return whether it was taken
	 */
	boolean renamed(String from, String to, long seenIn) {
		this.lock.lock();
		try {
			PendingFile old = this.files.get(from);
			return change(to, false, (file) -> {
				file.closed(true);
				file.gone = false;
				file.wasNamed(from, old, seenIn);
			});
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The file was found in a directory that appeared.
	 * @param formerPath what its path was where the directory was renamed
	 * @param seenIn which taking of the volume that was seen in
	 * @return whether it was taken
	 */
	boolean found(String path, FoundFiles findings, @Nullable String formerPath, long seenIn) {
		return change(path, false, (file) -> {
			findings.add();
			file.findings.add(findings);
			if (formerPath != null) {
				file.wasNamed(formerPath, this.files.get(formerPath), seenIn);
			}
		});
	}

	/**
	 * Waits for a file that is due. It is the caller's until {@link #done} or
	 * {@link #later}.
	 * @return {@code null} when this is closed
	 */
	@Nullable Task take() throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (!this.closed) {
				Entry next = this.queue.peek();
				if (next == null) {
					this.changed.await();
				}
				else if (next.file().ticket != next.ticket()) {
					this.queue.remove();
				}
				else if (next.due() - next.file().due < 0) {
					// An event has put the file back since.
					this.queue.remove();
					enqueue(next.file());
				}
				else {
					long left = next.due() - this.nanoTime.getAsLong();
					if (left <= 0) {
						this.queue.remove();
						next.file().queued = false;
						return begin(next.file());
					}
					this.changed.await(left, TimeUnit.NANOSECONDS);
				}
			}
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private static Task begin(PendingFile file) {
		Task task = new Task(file, file.unclosed(), file.gone, file.takeFormerPaths(), file.seenIn(),
				List.copyOf(file.findings));
		file.findings.clear();
		file.heard = 0;
		file.inWork = true;
		return task;
	}

	/**
	 * The file is dealt with, unless something has happened to it meanwhile. Of the names
	 * that it had, those that the task has still are not dealt with: what happened tells
	 * what became of them, and where nothing did they are missing.
	 */
	void done(Task task) {
		this.lock.lock();
		try {
			PendingFile file = task.file();
			file.inWork = false;
			file.keepFormerPaths(task.formerPaths());
			if (file.again) {
				file.again = false;
				schedule(file, file.due);
			}
			else {
				this.files.remove(key(file.path(), file.isDirectory()), file);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The file has to be looked at again. Of what was seen to go before only what the
	 * task says still counts.
	 */
	void later(Task task, Duration delay) {
		this.lock.lock();
		try {
			PendingFile file = task.file();
			if (!file.inWork) {
				// It is dealt with, and something went wrong after that.
				return;
			}
			file.inWork = false;
			file.keepFormerPaths(task.formerPaths());
			boolean heard = file.again;
			if (!heard) {
				file.gone = task.gone();
			}
			file.again = false;
			schedule(file, heard ? file.due : this.nanoTime.getAsLong() + delay.toNanos());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Events may have been missed, and with them that files were closed: what waits below
	 * this directory goes by its times.
	 */
	void missed(String directory) {
		this.lock.lock();
		try {
			this.files.values()
				.stream()
				.filter((file) -> directory.isEmpty() || file.path().startsWith(directory + "/"))
				.forEach((file) -> file.closed(true));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The file, where it waits and was created and not closed since.
	 */
	Optional<Unclosed> unclosed(String path) {
		this.lock.lock();
		try {
			return Optional.ofNullable(this.files.get(path)).map(PendingFile::unclosed);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How long ago that was, also where the clock has been set meanwhile.
	 */
	Duration passed(long begun) {
		return Duration.ofNanos(this.nanoTime.getAsLong() - begun);
	}

	/**
	 * How many files wait.
	 */
	int size() {
		this.lock.lock();
		try {
			return this.files.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How many entries the queue has, of which a file may have more than one.
	 */
	int entries() {
		this.lock.lock();
		try {
			return this.queue.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether there is room for as many again as wait.
	 */
	boolean hasRoom() {
		return size() <= this.most / 2;
	}

	/**
	 * Those that have been looked at and wait for the longest.
	 */
	List<PendingFile> longest(int number) {
		this.lock.lock();
		try {
			return this.files.values()
				.stream()
				.filter((file) -> file.reason() != null)
				.sorted(Comparator.comparingLong(PendingFile::begun))
				.limit(number)
				.toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets {@link #take} return.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean change(String path, boolean directory, Consumer<PendingFile> how) {
		this.lock.lock();
		try {
			String key = key(path, directory);
			PendingFile file = this.files.get(key);
			if (file == null) {
				if (this.files.size() >= this.most) {
					return false;
				}
				file = new PendingFile(path, directory, this.clock.instant(), this.nanoTime.getAsLong());
				this.files.put(key, file);
			}
			how.accept(file);
			long due = due(file);
			if (file.inWork) {
				file.again = true;
				file.due = due;
			}
			else {
				schedule(file, due);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Each event puts a file back, but not for ever: one that is touched all the time is
	 * looked at now and then, so that it can be told why it does not get finished.
	 */
	private long due(PendingFile file) {
		long now = this.nanoTime.getAsLong();
		if (file.heard == 0) {
			file.heard = now;
		}
		return Math.min(now + this.settle.toNanos(), Math.max(now, file.heard + MOST_PUT_BACK.toNanos()));
	}

	private void schedule(PendingFile file, long due) {
		file.due = due;
		// One that is put back keeps its entry: a file that is written to all the time
		// would add one with each event.
		if (!file.queued || due - file.queuedFor < 0) {
			enqueue(file);
			this.changed.signal();
		}
	}

	private void enqueue(PendingFile file) {
		file.queued = true;
		file.queuedFor = file.due;
		this.queue.add(new Entry(file, file.due, ++file.ticket));
	}

	/** No file's path ends with a slash. */
	private static String key(String path, boolean directory) {
		return directory ? path + "/" : path;
	}

}
