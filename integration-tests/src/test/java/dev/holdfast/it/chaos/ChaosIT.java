package dev.holdfast.it.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

import dev.holdfast.it.harness.Distribution;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Parts killed in random order under load. {@code -Dholdfast.chaos.kills=N} and
 * {@code -Dholdfast.chaos.seed=N} choose how many and which.
 */
class ChaosIT {

	private static final int KILLS = 10;

	@RegisterExtension
	static final Running RUNNING = Running.stack(() -> Stack.named("chaos")
		// With lanes this short, a file whose deletion is recorded and not yet published
		// because app-service was killed would be given up before it is up again.
		.worker(Stack.SHORT_LANES, "--holdfast.retry.vanished-attempts=100")
		.build());

	@Test
	@Timeout(value = 3, unit = TimeUnit.HOURS)
	void everyPromiseIsKept() throws IOException, InterruptedException {
		int kills = Integer.getInteger("holdfast.chaos.kills", KILLS);
		long seed = Long.getLong("holdfast.chaos.seed", System.nanoTime() & Integer.MAX_VALUE);
		System.out.println("Chaos with -Dholdfast.chaos.kills=" + kills + " -Dholdfast.chaos.seed=" + seed);

		Chaos.Report report = new Chaos(RUNNING.get(), kills, seed).run();

		System.out.println(report.text());
		report.findings().forEach(System.out::println);
		Files.writeString(Distribution.work().resolve("chaos.txt"),
				report.text() + "\n" + String.join("\n", report.findings()) + "\n", StandardOpenOption.CREATE,
				StandardOpenOption.APPEND);
		assertThat(report.findings()).as(report.text()).isEmpty();
	}

}
