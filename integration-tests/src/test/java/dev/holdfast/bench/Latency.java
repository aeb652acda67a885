package dev.holdfast.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long an acknowledged upload waits for its replica, at a steady rate, against a bare
 * put of the same bytes at the same rate; and what a large file that is under way does to
 * either.
 */
final class Latency {

	private static final double P50 = 0.5;

	private static final double P99 = 0.99;

	private static final int NO_END = 1_000_000;

	/** What makes a fresh JVM's compilers finish with most of both services. */
	private static final int WARM_UP_UPLOADS = 10_000;

	/** What two cores bear without falling behind. */
	private static final int WARM_UP_RATE = 200;

	private Latency() {
	}

	/**
	 * Phases of uploads and phases of puts take turns, after one of each that does not
	 * count.
	 */
	static List<Figure> steady(Rig rig) throws IOException, InterruptedException {
		Settings settings = rig.settings();
		int each = settings.rate * settings.seconds;
		List<List<Double>> uploads = new ArrayList<>();
		List<List<Double>> puts = new ArrayList<>();
		int port = S3Server.freePort();
		try (JavaPart worker = rig.startWorker(); JavaPart _ = rig.startApp(port)) {
			warmUp(rig, port, worker, "warmup");
			Uploads steady = new Uploads(rig, port, settings.rate);
			steady.puts("warmup", each, () -> true);
			for (int round = 0; round < settings.rounds; round++) {
				puts.add(steady.puts("steady" + round, each, () -> true));
				uploads.add(steady.uploads("steady" + round, each, () -> true, worker));
			}
		}
		String title = String.format(Locale.ROOT, "Acknowledged → replicated at %d × %,d B/s: ", settings.rate,
				settings.size);
		return List.of(percentile(title, "p50", P50, uploads, puts, 4),
				percentile(title, "p99", P99, uploads, puts, 6));
	}

	/**
	 * The same uploads alone and while a large file is copied. The line for comparison
	 * tells what of it is the machine's and the server's doing: bare puts alone and while
	 * rclone copies the same file.
	 */
	static List<Figure> besideLarge(Rig rig) throws IOException, InterruptedException {
		Settings settings = rig.settings();
		int each = settings.rate * settings.seconds;
		int rounds = Math.max(1, settings.rounds - 2);
		List<List<Double>> alone = new ArrayList<>();
		List<List<Double>> beside = new ArrayList<>();
		List<List<Double>> putsAlone = new ArrayList<>();
		List<List<Double>> putsBeside = new ArrayList<>();
		int port = S3Server.freePort();
		Tree original = Tree.createLarge(rig.volume(), "huge", settings.large, settings.seed);
		try (JavaPart worker = rig.startWorker(); JavaPart _ = rig.startApp(port)) {
			warmUp(rig, port, worker, "warmup2");
			Uploads steady = new Uploads(rig, port, settings.rate);
			for (int number = 0; number < rounds; number++) {
				alone.add(steady.uploads("alone" + number, each, () -> true, worker));
				Tree large = original.linkedAs(rig.volume(), "huge" + number);
				LedgerWatch.Round round = rig.ledger().expect(large.name(), 1);
				rig.events().publish(large.events());
				beside.add(steady.uploads("beside" + number, NO_END, () -> !round.done(), worker));
				putsAlone.add(steady.puts("alone" + number, each, () -> true));
				Process rclone = rig.rclone()
					.start("copy", "--transfers", "32", large.directory().toString(),
							Rclone.remote(rig.plain().name() + "/" + large.name()));
				putsBeside.add(steady.puts("beside" + number, NO_END, rclone::isAlive));
				rig.remove(large);
			}
		}
		Rig.delete(original.directory());
		return List.of(percentile("Small files beside a large one, against alone: ", "p99", P99, beside, alone, 2),
				percentile("For comparison, bare puts beside rclone's large one, against alone: ", "p99", P99,
						putsBeside, putsAlone, Double.NaN));
	}

	/**
	 * Uploads that do not count, so many that the services run as they do in a process
	 * that is not a minute old.
	 */
	private static void warmUp(Rig rig, int port, JavaPart worker, String name)
			throws IOException, InterruptedException {
		new Uploads(rig, port, WARM_UP_RATE).uploads(name, WARM_UP_UPLOADS, () -> true, worker);
	}

	/**
	 * The percentile of each phase, and the ratio phase by phase.
	 */
	private static Figure percentile(String title, String name, double share, List<List<Double>> ours,
			List<List<Double>> theirs, double target) {
		Figure figure = new Pairs(percentiles(ours, share), percentiles(theirs, share)).ratio(title + name, "%.2f ms",
				Figure.Target.atMost(target));
		Map<String, Object> details = new TreeMap<>(figure.details());
		details.put("samples", ours.stream().mapToInt(List::size).sum());
		return new Figure(figure.measure(), figure.holdfast(), figure.against(), figure.value(), figure.unit(),
				figure.target(), details);
	}

	private static List<Double> percentiles(List<List<Double>> phases, double share) {
		return phases.stream().map((phase) -> Samples.of(phase).percentile(share)).toList();
	}

}
