package dev.holdfast.app.scan;

import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.VolumeName;

/**
 * Runs the scans that are asked for.
 */
final class ScanRunner implements Scans, AutoCloseable {

	private final Catalog catalog;

	private final Volumes volumes;

	private final FileCheck check;

	private final AtomicLong ids = new AtomicLong();

	private final CountDownLatch stop = new CountDownLatch(1);

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	ScanRunner(Catalog catalog, Volumes volumes, FileCheck check) {
		this.catalog = catalog;
		this.volumes = volumes;
		this.check = check;
	}

	@Override
	public CompletableFuture<ScanReport> request(VolumeName name, String subtree, ScanCause cause) {
		Volume volume = this.volumes.find(name)
			.orElseThrow(() -> new IllegalArgumentException("There is no volume '" + name + "'"));
		return CompletableFuture.supplyAsync(() -> scan(volume, subtree, cause), this.executor);
	}

	private ScanReport scan(Volume volume, String subtree, ScanCause cause) {
		Instant from = Instant.now();
		ScanCounts found = new ScanCounts();
		try {
			new VolumeScan(volume, this.catalog, this.check, found, this.stop).run();
		}
		catch (IOException ex) {
			throw new CompletionException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CompletionException(ex);
		}
		Map<Scanned, Long> counts = new EnumMap<>(Scanned.class);
		for (Scanned kind : Scanned.values()) {
			counts.put(kind, found.of(kind));
		}
		return new ScanReport(this.ids.incrementAndGet(), volume.name(), subtree, cause, false, from, Instant.now(),
				null, found.seenSoFar(), counts, Map.of());
	}

	@Override
	public void close() {
		this.stop.countDown();
		this.executor.shutdownNow();
	}

}
