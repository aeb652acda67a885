package dev.holdfast.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One large file: from its event to its record in the ledger, against a copy by rclone,
 * and the worker's memory meanwhile.
 */
final class LargeFile {

	private static final long SAMPLE_MILLIS = 100;

	private static final double MEGABYTE = 1024 * 1024;

	private static final int TENTH = 10;

	private LargeFile() {
	}

	static List<Figure> run(Rig rig) throws IOException, InterruptedException {
		Settings settings = rig.settings();
		int rounds = Math.max(1, settings.rounds - 2);
		List<Usage> ours = new ArrayList<>();
		List<Usage> theirs = new ArrayList<>();
		List<Double> memory = new ArrayList<>();
		Tree original = Tree.createLarge(rig.volume(), "large", settings.large, settings.seed);
		try (JavaPart worker = rig.startWorker()) {
			// Small ones first: a worker in use has a heap that has been used.
			Tree small = Tree.create(rig.volume(), "before", settings.files, settings.size, settings.seed);
			SmallFiles.replicate(rig, worker, small);
			rig.remove(small);
			for (int round = 0; round < rounds; round++) {
				Tree tree = original.linkedAs(rig.volume(), "large" + round);
				if (round % 2 == 0) {
					theirs.add(SmallFiles.copy(rig, tree));
					ours.add(replicate(rig, worker, tree, memory));
				}
				else {
					ours.add(replicate(rig, worker, tree, memory));
					theirs.add(SmallFiles.copy(rig, tree));
				}
				rig.remove(tree);
			}
		}
		Rig.delete(original.directory());
		return figures(settings, ours, theirs, memory);
	}

	private static Usage replicate(Rig rig, JavaPart worker, Tree tree, List<Double> memory)
			throws InterruptedException {
		try (ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor()) {
			var sampling = sampler.scheduleAtFixedRate(() -> memory.add(worker.residentBytes() / MEGABYTE), 0,
					SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
			Usage usage = SmallFiles.replicate(rig, worker, tree);
			sampling.cancel(false);
			return usage;
		}
	}

	private static List<Figure> figures(Settings settings, List<Usage> ours, List<Usage> theirs, List<Double> memory) {
		String title = String.format(Locale.ROOT, "One file of %.2f GiB: ", settings.large / MEGABYTE / 1024);
		Samples all = Samples.of(memory);
		double early = Samples.of(memory.subList(0, Math.max(1, memory.size() / TENTH))).median();
		double late = Samples.of(memory.subList(memory.size() - Math.max(1, memory.size() / TENTH), memory.size()))
			.median();
		Figure rss = new Figure(title + "worker RSS, peak",
				String.format(Locale.ROOT, "%.0f to %.0f MB", all.smallest(), all.largest()), "", all.largest(), "MB",
				Figure.Target.atMost(400), Map.of("samples", all.count(), "median", all.median()));
		Figure growth = new Figure(title + "worker RSS, last tenth against first",
				String.format(Locale.ROOT, "%.0f MB", late), String.format(Locale.ROOT, "%.0f MB", early), late / early,
				"×", Figure.Target.NONE, Map.of());
		return List.of(
				Pairs.of(ours, theirs, Usage::wallSeconds).ratio(title + "wall", "%.2f s", Figure.Target.atMost(1.1)),
				Pairs.of(ours, theirs, Usage::cpuSeconds).ratio(title + "client CPU", "%.2f s", Figure.Target.NONE),
				rss, growth);
	}

}
