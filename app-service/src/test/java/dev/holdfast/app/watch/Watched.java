package dev.holdfast.app.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.OutboxEvent;
import dev.holdfast.app.guard.Admission;
import dev.holdfast.app.guard.ChangeGuard;
import dev.holdfast.app.guard.GuardSettings;
import dev.holdfast.app.linux.LinuxException;
import dev.holdfast.app.linux.LinuxFailures;
import dev.holdfast.app.scan.FileCheck;
import dev.holdfast.app.scan.ScanCause;
import dev.holdfast.app.scan.ScanReport;
import dev.holdfast.app.scan.ScanRunner;
import dev.holdfast.app.scan.ScanSettings;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.scan.Scans;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.VolumeTraits;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.app.watch.WatchSettings.Mode;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.VolumeName;
import dev.holdfast.model.WatchGap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * A watched volume with the catalog behind it, as app-service puts them together, on the
 * real file system and the real inotify. Events pile up in the outbox, where tests read
 * them in the order in which they were recorded.
 */
final class Watched implements AutoCloseable {

	/** What is held, and when, is the guard's own test's concern. */
	private static final GuardSettings LENIENT = new GuardSettings(Duration.ofMinutes(10), Duration.ZERO, 1_000_000, 0,
			1_000_000, 0, Map.of());

	static final VolumeName MEDIA = new VolumeName("media");

	static final Duration LONG = Duration.ofMinutes(2);

	private final CloudEventCodec codec = new CloudEventCodec();

	final Path root;

	private final ScanSettings scanSettings;

	private final WatchSettings settings;

	private final WriterProbe probe;

	final Volumes volumes;

	final Catalog catalog;

	private @Nullable VolumeWatcher watcher;

	/** The reader of events stands still while this is not open. */
	private volatile CountDownLatch gate = new CountDownLatch(0);

	/** How many directories the kernel lets be watched. */
	volatile int mostWatches = Integer.MAX_VALUE;

	/** Is thrown once, at the next read of events. */
	volatile @Nullable RuntimeException fault;

	/** Is thrown where it is tried whether inotify works. */
	volatile @Nullable Error noNativeCalls;

	/** The directories that this user may not read. */
	final Set<String> closed = ConcurrentHashMap.newKeySet();

	/** What happens once, when a directory is about to be watched. */
	final Map<String, Runnable> beforeWatch = new ConcurrentHashMap<>();

	private final AtomicInteger reads = new AtomicInteger();

	/** Whether the scans are the real ones, and not a walk that tells what it does. */
	boolean realScans;

	private @Nullable ScanRunner scans;

	/** What is held. */
	GuardSettings guard = LENIENT;

	/** The directories that were scanned. */
	final List<String> scanned = new CopyOnWriteArrayList<>();

	Watched(Path directory, WatchSettings settings, ScanSettings scanSettings, WriterProbe probe) {
		this(directory, settings, scanSettings, probe, FileRules.ALL);
	}

	Watched(Path directory, WatchSettings settings, ScanSettings scanSettings, WriterProbe probe, FileRules rules) {
		try {
			this.root = Files.createDirectories(directory.resolve("media"));
			this.settings = settings;
			this.scanSettings = scanSettings;
			this.probe = probe;
			this.volumes = VolumeFixture.open(directory.resolve("data"), Map.of("media", this.root.toString()),
					(_) -> new VolumeTraits(rules, false));
			this.catalog = Catalog.open(directory.resolve("data"), Clock.systemUTC());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static WatchSettings settings(Mode mode) {
		return new WatchSettings(mode, Duration.ofMillis(200), Duration.ofMinutes(15), 100_000);
	}

	static ScanSettings scanSettings() {
		return new ScanSettings(true, Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ZERO, 100, 0, 0,
				DataSize.ofBytes(0));
	}

	/**
	 * One that watches with the defaults, but for the interval of polling.
	 */
	static Watched start(Path directory) {
		Watched watched = new Watched(directory, settings(Mode.AUTO), scanSettings(), new LeaseProbe());
		watched.watch();
		return watched;
	}

	Volume volume() {
		return this.volumes.find(MEDIA).orElseThrow();
	}

	/**
	 * Begins to watch, and waits until the scan at the start is over and what happened
	 * until then has been read.
	 */
	void watch() {
		FileLocks locks = VolumeFixture.locks();
		FileCheck check = new FileCheck(this.catalog, locks, Clock.systemUTC(), this.scanSettings, this.probe,
				(_, _, _, _) -> Admission.ADMITTED);
		VolumeWatcher begun = WatchConfiguration.watcher(volume(), this.catalog, check,
				new ChangeGuard(this.catalog, locks, this.guard, Clock.systemUTC()), scans(check), this.settings,
				this.scanSettings, new WatchHooks() {

					@Override
					public void awaitReady() {
						// There are no topics.
					}

					@Override
					public Optional<String> trouble(Volume volume) {
						Error thrown = Watched.this.noNativeCalls;
						if (thrown != null) {
							throw thrown;
						}
						return WatchHooks.super.trouble(volume);
					}

					@Override
					public Watches watches(Watches kernel) {
						return new Limited(kernel);
					}

					@Override
					public void beforeRead() {
						Watched.this.reads.incrementAndGet();
						RuntimeException thrown = Watched.this.fault;
						Watched.this.fault = null;
						if (thrown != null) {
							throw thrown;
						}
						try {
							Watched.this.gate.await();
						}
						catch (InterruptedException ex) {
							Thread.currentThread().interrupt();
						}
					}

				});
		this.watcher = begun;
		this.reads.set(0);
		begun.start();
		await(() -> begun.begun().isDone() && !status().closing()
				&& (this.reads.get() > 1 || !status().mode().equals("inotify")));
	}

	private Scans scans(FileCheck check) {
		if (!this.realScans) {
			return new Walk(check);
		}
		ScanRunner begun = new ScanRunner(this.catalog, this.volumes.all(), check, this.scanSettings, () -> true);
		this.scans = begun;
		begun.start();
		return begun;
	}

	private VolumeWatcher watcher() {
		return Objects.requireNonNull(this.watcher, "It is not watched");
	}

	void unwatch() {
		watcher().close();
	}

	/**
	 * Has the reader of events stand still, as on a machine that is busy with other
	 * things.
	 */
	void holdReader() {
		this.gate = new CountDownLatch(1);
	}

	void letReaderGo() {
		this.gate.countDown();
	}

	WatchStatus status() {
		return watcher().status();
	}

	WatchCounts counts() {
		return watcher().counts();
	}

	Path path(String path) {
		return this.root.resolve(path);
	}

	/**
	 * All events so far, in their order.
	 */
	List<MediaEvent> events() {
		List<MediaEvent> events = new ArrayList<>();
		long after = 0;
		for (List<OutboxEvent> page = this.catalog.outboxAfter(after, 10_000); !page.isEmpty(); page = this.catalog
			.outboxAfter(after, 10_000)) {
			for (OutboxEvent entry : page) {
				try {
					events.add(this.codec.decodeEvent(entry.value()));
				}
				catch (MalformedEventException ex) {
					throw new IllegalStateException(ex);
				}
				after = entry.seq();
			}
		}
		return events;
	}

	List<MediaStored> stored(String path) {
		return events().stream()
			.filter((event) -> event instanceof MediaStored stored && stored.id().path().equals(path))
			.map(MediaStored.class::cast)
			.toList();
	}

	boolean isDeleted(String path) {
		return this.catalog.find(MediaId.of("media", path))
			.filter((entry) -> entry.event() instanceof MediaDeleted)
			.isPresent();
	}

	List<WatchGap> gaps(WatchGap.Reason reason) {
		return events().stream()
			.filter((event) -> event instanceof WatchGap gap && gap.reason() == reason)
			.map(WatchGap.class::cast)
			.toList();
	}

	/**
	 * Waits until this content of the file is recorded.
	 */
	void awaitStored(String path, byte[] content) {
		Digest digest = Digest.of(content);
		Awaitility.await("that " + path + " is recorded")
			.atMost(LONG)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> this.catalog.find(MediaId.of("media", path))
				.filter((entry) -> entry.event() instanceof MediaStored stored && stored.digest().equals(digest))
				.isPresent());
	}

	static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(condition);
	}

	/**
	 * Waits until nothing waits to be looked at.
	 */
	void awaitQuiet() {
		await(() -> status().settling() == 0 && !status().closing());
	}

	/**
	 * What the catalog says is stored, by path.
	 */
	Map<String, String> recorded() {
		Map<String, String> latest = new HashMap<>();
		for (MediaEvent event : events()) {
			switch (event) {
				case MediaStored stored -> latest.put(stored.id().path(), stored.digest().toString());
				case MediaDeleted deleted -> latest.remove(deleted.id().path());
				case WatchGap _ -> {
				}
			}
		}
		return latest;
	}

	/**
	 * What is on the volume, by path.
	 */
	Map<String, String> present() throws IOException {
		try (Stream<Path> files = Files.walk(this.root)) {
			return files.filter((file) -> Files.isRegularFile(file) && !file.startsWith(path(".holdfast")))
				.collect(Collectors.toMap((file) -> this.root.relativize(file).toString(), (file) -> {
					try {
						return Digest.of(Files.readAllBytes(file)).toString();
					}
					catch (IOException ex) {
						throw new UncheckedIOException(ex);
					}
				}));
		}
	}

	/**
	 * Runs a program as others do.
	 * @return its process, which is running
	 */
	static Process program(String... command) {
		try {
			return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void run(String... command) throws InterruptedException {
		Process process = program(command);
		if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
			throw new IllegalStateException(List.of(command) + " failed");
		}
	}

	static byte[] bytes(int length, int seed) {
		byte[] bytes = new byte[length];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	@Override
	public void close() {
		letReaderGo();
		watcher().close();
		ScanRunner begun = this.scans;
		if (begun != null) {
			begun.close();
		}
		this.catalog.close();
		this.volumes.close();
	}

	/** A kernel whose limit can be set. */
	private final class Limited implements Watches {

		private final Watches kernel;

		private final Set<Integer> placed = new HashSet<>();

		private Limited(Watches kernel) {
			this.kernel = kernel;
		}

		@Override
		public int watch(Path directory) throws LinuxException {
			String path = Watched.this.root.relativize(directory).toString();
			Runnable change = Watched.this.beforeWatch.remove(path);
			if (change != null) {
				change.run();
			}
			if (Watched.this.closed.contains(path)) {
				throw LinuxFailures.notAllowed();
			}
			int watch = this.kernel.watch(directory);
			if (this.placed.size() >= Watched.this.mostWatches && !this.placed.contains(watch)) {
				this.kernel.unwatch(watch);
				throw LinuxFailures.outOfWatches();
			}
			this.placed.add(watch);
			return watch;
		}

		@Override
		public void unwatch(int watch) throws LinuxException {
			this.placed.remove(watch);
			this.kernel.unwatch(watch);
		}

	}

	/**
	 * Scans as the scan does: one at a time, and each file is checked until it is
	 * finished.
	 */
	private final class Walk implements Scans {

		private final Executor one = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

		private final FileCheck check;

		private Walk(FileCheck check) {
			this.check = check;
		}

		@Override
		public CompletableFuture<ScanReport> request(VolumeName volume, String subtree, ScanCause cause) {
			Watched.this.scanned.add(subtree);
			return CompletableFuture.supplyAsync(() -> walk(subtree, cause), this.one);
		}

		private ScanReport walk(String subtree, ScanCause cause) {
			Instant from = Instant.now();
			Map<Scanned, Long> counts = new EnumMap<>(Scanned.class);
			Path top = Watched.this.root.resolve(subtree);
			try {
				Files.walkFileTree(top, new SimpleFileVisitor<>() {

					@Override
					public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
						return directory.equals(path(".holdfast")) ? FileVisitResult.SKIP_SUBTREE
								: FileVisitResult.CONTINUE;
					}

					@Override
					public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
						MediaId id = new MediaId(MEDIA, Watched.this.root.relativize(file).toString());
						AtomicReference<Scanned> found = new AtomicReference<>(Scanned.BEING_WRITTEN);
						Awaitility.await().atMost(LONG).pollDelay(Duration.ZERO).until(() -> {
							found.set(Walk.this.check.check(volume(), id, Origin.SCAN));
							return found.get() != Scanned.BEING_WRITTEN;
						});
						counts.merge(found.get(), 1L, Long::sum);
						return FileVisitResult.CONTINUE;
					}

					@Override
					public FileVisitResult visitFileFailed(Path file, IOException met) {
						return FileVisitResult.CONTINUE;
					}

				});
			}
			catch (NoSuchFileException ex) {
				counts.merge(Scanned.VANISHED, 1L, Long::sum);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			long seen = counts.values().stream().mapToLong(Long::longValue).sum();
			return new ScanReport(1, MEDIA, subtree, cause, false, from, Instant.now(), null, seen, counts, Map.of());
		}

	}

}
