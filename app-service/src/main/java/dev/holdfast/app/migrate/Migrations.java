package dev.holdfast.app.migrate;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.scan.ScanSettings;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileLocks;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The migrations of this process: at most one at a time for each volume. They are not
 * remembered across a restart, and need not be: run again, a migration goes on.
 */
@Component
final class Migrations implements AutoCloseable {

	private static final int REMEMBERED = 20;

	private static final Duration STOPPING = Duration.ofSeconds(20);

	private final Catalog catalog;

	private final FileLocks locks;

	private final ScanSettings scan;

	private final MigrationPlans plans;

	private final WriterProbe probe;

	private final Map<String, Migration> known = new LinkedHashMap<>();

	Migrations(Catalog catalog, FileLocks locks, ScanSettings scan, MigrationPlans plans,
			ObjectProvider<WriterProbe> probe) {
		this.catalog = catalog;
		this.locks = locks;
		this.scan = scan;
		this.plans = plans;
		this.probe = probe.getIfUnique(() -> WriterProbe.NONE);
	}

	/**
	 * Begins a migration.
	 * @throws ProblemException where it may not be, or another one of this volume goes on
	 */
	Migration start(MigrationRequest request) {
		MigrationPlan plan = this.plans.of(request);
		Duration settle = this.scan.settle();
		SourceFolder source = new SourceFolder(plan.source(), settle, Clock.systemUTC(), System::nanoTime, this.probe);
		Work work = plan.mode().isCleanup()
				? new CleaningUp(plan, source, this.catalog, this.locks, TargetFile.Hash.READ)
				: new Copying(plan, source, this.catalog, this.locks, TargetFile.Hash.READ);
		Migration migration = new Migration(UUID.randomUUID().toString(), plan, work, settle);
		synchronized (this.known) {
			this.known.values()
				.stream()
				.filter((other) -> other.isRunning() && other.plan().volume().equals(plan.volume()))
				.findFirst()
				.ifPresent((other) -> {
					throw new ProblemException(ProblemType.MIGRATION_RUNNING,
							"Migration " + other.id() + " of volume '" + plan.volume().name()
									+ "' is going on: wait for it, or stop it by DELETE /api/v1/migrations/"
									+ other.id());
				});
			this.known.put(migration.id(), migration);
			forgetOld();
		}
		Thread.ofPlatform().name("migrate-" + plan.volume().name()).daemon().start(migration);
		return migration;
	}

	private void forgetOld() {
		List<String> over = this.known.values().stream().filter((one) -> !one.isRunning()).map(Migration::id).toList();
		over.stream().limit(Math.max(0, this.known.size() - REMEMBERED)).forEach(this.known::remove);
	}

	/**
	 * A migration by its id.
	 */
	Optional<Migration> find(String id) {
		synchronized (this.known) {
			return Optional.ofNullable(this.known.get(id));
		}
	}

	/**
	 * All that are remembered, the oldest first.
	 */
	Collection<Migration> all() {
		synchronized (this.known) {
			return new ArrayList<>(this.known.values());
		}
	}

	/**
	 * Ends all between two files.
	 */
	@Override
	public void close() {
		Collection<Migration> all = all();
		all.forEach(Migration::stop);
		for (Migration migration : all) {
			try {
				migration.await(STOPPING);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

}
