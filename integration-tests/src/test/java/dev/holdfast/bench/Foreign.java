package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Files that programs which know nothing of Holdfast write into a volume while it is
 * watched.
 */
final class Foreign {

	private static final int RATE = 20;

	private static final int DIRECTORIES = 2_000;

	private static final int IN_EACH = 10;

	private static final double P50 = 0.5;

	private static final double P99 = 0.99;

	private static final double SECOND = 1e9;

	private static final Duration AT_MOST = Duration.ofMinutes(10);

	private Foreign() {
	}

	/**
	 * From the moment a file is closed to its record in the ledger, in phases that take
	 * turns with uploads of the same files at the same rate: what these take is what
	 * comes after seeing the file, the rest is the price of not being told.
	 */
	static List<Figure> steady(Rig rig) throws IOException, InterruptedException {
		Settings settings = rig.settings();
		int each = RATE * settings.seconds;
		List<Double> foreign = new ArrayList<>();
		List<Double> told = new ArrayList<>();
		int port = S3Server.freePort();
		try (JavaPart worker = rig.startWorker(); JavaPart _ = rig.startWatchingApp(port)) {
			Uploads steady = new Uploads(rig, port, RATE);
			steady.uploads("warmup3", each, () -> true, worker);
			steady.foreignWrites("warmup4", each, worker);
			for (int round = 0; round < settings.rounds; round++) {
				foreign.addAll(steady.foreignWrites("foreign" + round, each, worker));
				told.addAll(steady.uploads("told" + round, each, () -> true, worker));
			}
		}
		String title = String.format(Locale.ROOT, "Closed by a foreign writer → replicated, %d files/s: ", RATE);
		return List.of(percentile(title + "p50", P50, foreign, told, 500),
				percentile(title + "p99", P99, foreign, told, 1_500));
	}

	private static Figure percentile(String measure, double share, List<Double> foreign, List<Double> told,
			double target) {
		double ours = Samples.of(foreign).percentile(share);
		double upload = Samples.of(told).percentile(share);
		return new Figure(measure, String.format(Locale.ROOT, "%.0f ms", ours),
				String.format(Locale.ROOT, "%.0f ms when uploaded, so %.0f ms more", upload, ours - upload), ours, "ms",
				Figure.Target.atMost(target), Map.of("samples", foreign.size(), "uploaded", upload));
	}

	/**
	 * Half of the files are written where they are to be, in directories made a moment
	 * before, the other half is moved in with its directories.
	 */
	static List<Figure> burst(Rig rig) throws IOException, InterruptedException {
		int count = DIRECTORIES * IN_EACH;
		Path root = rig.volume().root();
		Path aside = Files.createDirectories(rig.work().resolve("aside"));
		SplittableRandom random = new SplittableRandom(rig.settings().seed);
		try (JavaPart worker = rig.startWorker(); JavaPart _ = rig.startWatchingApp(S3Server.freePort())) {
			LedgerWatch.Round round = rig.ledger().expect("burst", count);
			Path burst = Files.createDirectories(root.resolve("burst"));
			for (int i = 1; i < DIRECTORIES; i += 2) {
				fill(aside.resolve("m" + i), random);
			}
			long start = System.nanoTime();
			for (int i = 0; i < DIRECTORIES; i++) {
				if (i % 2 == 0) {
					fill(burst.resolve("w" + i).resolve("deep"), random);
				}
				else {
					Files.move(aside.resolve("m" + i), burst.resolve("m" + i), StandardCopyOption.ATOMIC_MOVE);
				}
			}
			long written = System.nanoTime();
			int missed = count - round.awaitMost(AT_MOST, worker);
			double seconds = (System.nanoTime() - written) / SECOND;
			List<String> differing = Churn.differences(rig, burst, "burst");
			String title = String.format(Locale.ROOT, "Burst of %,d files in %,d new directories: ", count,
					DIRECTORIES);
			return List.of(
					new Figure(title + "missed",
							String.format(Locale.ROOT, "written in %.1f s, all replicated %.1f s later",
									(written - start) / SECOND, seconds),
							"", missed, "files", Figure.Target.atMost(0), Map.of()),
					new Figure(title + "partial or different in the bucket, by rclone check", "", "", differing.size(),
							"files", Figure.Target.atMost(0), Map.of("first", Churn.first(differing))),
					new Figure(title + "replicas of anything but the finished file", "", "", round.repeated(),
							"records", Figure.Target.atMost(0), Map.of()));
		}
		finally {
			Rig.delete(aside);
		}
	}

	private static void fill(Path directory, SplittableRandom random) throws IOException {
		Files.createDirectories(directory);
		for (int i = 0; i < IN_EACH; i++) {
			byte[] content = new byte[1 + random.nextInt(8_000)];
			random.nextBytes(content);
			Files.write(directory.resolve("f" + i + ".png"), content);
		}
	}

}
