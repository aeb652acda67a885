package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The standalone, started as a person starts it, with nothing to do.
 */
final class Idle {

	private static final Duration START = Duration.ofMinutes(3);

	private static final Duration SETTLE = Duration.ofSeconds(60);

	private static final Duration OBSERVED = Duration.ofSeconds(60);

	private static final Duration POLL = Duration.ofMillis(200);

	private static final double MEGABYTE = 1024 * 1024;

	private Idle() {
	}

	static List<Figure> run(Rig rig) throws IOException, InterruptedException {
		Path data = rig.work().resolve("standalone");
		Process process = new ProcessBuilder(
				List.of("./holdfast", "up", "--data", data.toString(), "--port", Integer.toString(S3Server.freePort())))
			.redirectErrorStream(true)
			.redirectOutput(rig.log("standalone").toFile())
			.start();
		try {
			long until = System.nanoTime() + START.toNanos();
			while (!Files.exists(data.resolve("connection.json"))) {
				if (!process.isAlive() || System.nanoTime() > until) {
					throw new IllegalStateException("the standalone does not start: see " + rig.log("standalone"));
				}
				LockSupport.parkNanos(POLL.toNanos());
			}
			return observe(process);
		}
		finally {
			process.destroy();
			process.waitFor();
		}
	}

	/**
	 * The script becomes the JVM, whose own CPU and memory do not hold those of its
	 * child, the S3 endpoint.
	 */
	private static List<Figure> observe(Process process) {
		pause(SETTLE);
		Duration before = ProcFs.cpu(process.pid());
		pause(OBSERVED);
		double percent = 100.0 * ProcFs.cpu(process.pid()).minus(before).toMillis() / OBSERVED.toMillis();
		double resident = ProcFs.residentBytes(process.pid()) / MEGABYTE;
		return List.of(
				new Figure("Idle standalone: CPU of one core", String.format(Locale.ROOT, "%.2f %%", percent), "",
						percent, "%", Figure.Target.atMost(1), Map.of("seconds", OBSERVED.toSeconds())),
				new Figure("Idle standalone: RSS", String.format(Locale.ROOT, "%.0f MB", resident), "", resident, "MB",
						Figure.Target.atMost(600), Map.of()));
	}

	private static void pause(Duration duration) {
		long until = System.nanoTime() + duration.toNanos();
		for (long left = duration.toNanos(); left > 0; left = until - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

}
