package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Many small files: from the first event on the topic to the last record in the ledger,
 * against a copy of the same directory by rclone. Both sides read the same files, from
 * the page cache, and write to the same server; they take turns in going first.
 */
final class SmallFiles {

	private static final Duration AT_MOST = Duration.ofMinutes(15);

	/** The compilers have done their work after some 40,000 files of the usual number. */
	private static final int WARM_UP_ROUNDS = 4;

	private SmallFiles() {
	}

	/**
	 * With a worker that has copied four times as many files before.
	 */
	static List<Figure> warm(Rig rig) throws IOException, InterruptedException {
		List<Usage> ours = new ArrayList<>();
		List<Usage> theirs = new ArrayList<>();
		try (JavaPart worker = rig.startWorker()) {
			for (int round = -WARM_UP_ROUNDS; round < rig.settings().rounds; round++) {
				Tree tree = tree(rig, "warm" + (round + WARM_UP_ROUNDS));
				if (round < 0) {
					replicate(rig, worker, tree);
				}
				else if (round % 2 == 0) {
					theirs.add(copy(rig, tree));
					ours.add(replicate(rig, worker, tree));
				}
				else {
					ours.add(replicate(rig, worker, tree));
					theirs.add(copy(rig, tree));
				}
				rig.remove(tree);
			}
		}
		return figures(rig, "warm worker", ours, theirs, 1.0, true);
	}

	/**
	 * With a worker that is started when all events are on the topic already: start of
	 * the JVM, of the application and of its consumer included, by an AOT cache made in a
	 * training run that copied some files.
	 */
	static List<Figure> cold(Rig rig) throws IOException, InterruptedException {
		Path cache = rig.work().resolve("worker.aot");
		train(rig, cache);
		List<String> jvm = new ArrayList<>(rig.workerJvm());
		jvm.add("-XX:AOTCache=" + cache);
		List<Usage> ours = new ArrayList<>();
		List<Usage> theirs = new ArrayList<>();
		for (int round = 0; round < rig.settings().rounds; round++) {
			Tree tree = tree(rig, "cold" + round);
			if (round % 2 == 0) {
				theirs.add(copy(rig, tree));
				ours.add(replicateCold(rig, jvm, tree));
			}
			else {
				ours.add(replicateCold(rig, jvm, tree));
				theirs.add(copy(rig, tree));
			}
			rig.remove(tree);
		}
		return figures(rig, "cold worker, AOT cache", ours, theirs, 1.3, false);
	}

	private static void train(Rig rig, Path cache) throws IOException, InterruptedException {
		List<String> jvm = new ArrayList<>(rig.workerJvm());
		jvm.add("-XX:AOTCacheOutput=" + cache);
		int port = S3Server.freePort();
		Tree tree = tree(rig, "training");
		try (JavaPart worker = rig.launchWorker(jvm, List.of(), port)) {
			rig.awaitReady(worker, port);
			replicate(rig, worker, tree);
		}
		rig.remove(tree);
		if (!Files.exists(cache)) {
			throw new IllegalStateException("the training run left no AOT cache: see " + rig.log("worker"));
		}
	}

	private static Tree tree(Rig rig, String name) throws IOException {
		Settings settings = rig.settings();
		return Tree.create(rig.volume(), name, settings.files, settings.size, settings.seed + name.hashCode());
	}

	static Usage replicate(Rig rig, JavaPart worker, Tree tree) throws InterruptedException {
		LedgerWatch.Round round = rig.ledger().expect(tree.name(), tree.files().size());
		rig.ledger().gather();
		Duration cpuBefore = worker.cpu();
		long start = System.nanoTime();
		rig.events().publish(tree.events());
		long end = round.awaitAll(AT_MOST, worker);
		rig.ledger().follow();
		return new Usage(Duration.ofNanos(end - start), worker.cpu().minus(cpuBefore));
	}

	private static Usage replicateCold(Rig rig, List<String> jvm, Tree tree) throws IOException, InterruptedException {
		LedgerWatch.Round round = rig.ledger().expect(tree.name(), tree.files().size());
		rig.events().publish(tree.events());
		int port = S3Server.freePort();
		rig.ledger().gather();
		long start = System.nanoTime();
		try (JavaPart worker = rig.launchWorker(jvm, List.of(), port)) {
			long end = round.awaitAll(AT_MOST, worker);
			rig.ledger().follow();
			return new Usage(Duration.ofNanos(end - start), worker.cpu());
		}
	}

	static Usage copy(Rig rig, Tree tree) throws IOException, InterruptedException {
		return rig.rclone()
			.run("copy", "--transfers", "32", tree.directory().toString(),
					Rclone.remote(rig.plain().name() + "/" + tree.name()));
	}

	private static List<Figure> figures(Rig rig, String what, List<Usage> ours, List<Usage> theirs, double target,
			boolean cpuToo) {
		int files = rig.settings().files;
		String title = String.format(Locale.ROOT, "%,d × %,d B, %s: ", files, rig.settings().size, what);
		Figure wall = Pairs.of(ours, theirs, Usage::wallSeconds)
			.ratio(title + "wall", "%.2f s", Figure.Target.atMost(target));
		Figure cpu = Pairs.of(ours, theirs, (usage) -> usage.cpuSeconds() * 1000 / files)
			.ratio(title + "client CPU per file", "%.3f ms",
					cpuToo ? Figure.Target.atMost(target) : Figure.Target.NONE);
		return List.of(wall, cpu);
	}

}
