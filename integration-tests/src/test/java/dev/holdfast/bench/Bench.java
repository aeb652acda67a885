package dev.holdfast.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures Holdfast against rclone, and against bare puts, on one endpoint in one run.
 */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
		description = "Measures Holdfast against rclone and bare puts and prints the ratios. Writes real files, real"
				+ " topics and real objects; takes about half an hour with the defaults.")
final class Bench implements Callable<Integer> {

	private static final Map<Measure.Name, Measure> MEASURES = new EnumMap<>(Map.ofEntries(
			Map.entry(Measure.Name.WARM, SmallFiles::warm), Map.entry(Measure.Name.COLD, SmallFiles::cold),
			Map.entry(Measure.Name.LATENCY, Latency::steady), Map.entry(Measure.Name.LARGE, LargeFile::run),
			Map.entry(Measure.Name.FAIRNESS, Latency::besideLarge), Map.entry(Measure.Name.REPLAY, Replay::run),
			Map.entry(Measure.Name.FOREIGN, Foreign::steady), Map.entry(Measure.Name.BURST, Foreign::burst),
			Map.entry(Measure.Name.CHURN, Churn::run), Map.entry(Measure.Name.RESTART, Restart::run),
			Map.entry(Measure.Name.IDLE, Idle::run)));

	@Mixin
	private Settings settings = new Settings();

	@Option(names = "--libraries", hidden = true, defaultValue = "standalone/target/holdfast/lib",
			description = "The distribution's jars.")
	private Path libraries = Path.of("standalone/target/holdfast/lib");

	@Option(names = "--commit", hidden = true, description = "What was built.")
	private @Nullable String commit;

	private Bench() {
	}

	/**
	 * Exit status 0: measured, whatever came of it; 1: could not measure; 2: wrong
	 * options.
	 */
	public static void main(String... arguments) {
		CommandLine line = new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
		line.setExecutionExceptionHandler((ex, command, _) -> {
			command.getErr().println("bench: " + ex.getMessage());
			if (!(ex instanceof IllegalStateException)) {
				ex.printStackTrace(command.getErr());
			}
			return 1;
		});
		System.exit(line.execute(arguments));
	}

	@Override
	public Integer call() throws IOException, InterruptedException {
		PrintWriter progress = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
		String rclone = Rclone.version();
		Path work = this.settings.work.toAbsolutePath()
			.resolve(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", ""));
		Files.createDirectories(work);
		List<Figure> figures = new ArrayList<>();
		Map<String, Object> circumstances = new LinkedHashMap<>();
		try (S3Server s3 = server(work)) {
			circumstances.put("commit", Objects.requireNonNullElse(this.commit, "unknown"));
			circumstances.put("s3", s3.product());
			circumstances.put("against", rclone);
			circumstances.put("machine", Runtime.getRuntime().availableProcessors() + " cores, "
					+ System.getProperty("os.name") + ", JDK " + Runtime.version().feature());
			circumstances.put("seed", this.settings.seed);
			try (Rig rig = new Rig(this.settings, work, this.libraries.toAbsolutePath(), s3)) {
				circumstances.put("workerJvm", String.join(" ", rig.workerJvm()));
				for (Measure.Name name : inOrder()) {
					progress.println("measuring " + name);
					List<Figure> found = Objects.requireNonNull(MEASURES.get(name)).run(rig);
					found.forEach((figure) -> progress.println("  " + figure.measure() + ": " + figure.valueText()));
					figures.addAll(found);
				}
			}
		}
		finally {
			// Also where a later measure failed: half an hour's figures are not thrown
			// away.
			if (!figures.isEmpty()) {
				PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
				out.println(this.settings.json ? Report.json(circumstances, figures)
						: Report.table(circumstances, figures));
			}
		}
		if (!this.settings.keep) {
			Rig.delete(work);
		}
		return 0;
	}

	/**
	 * In the order of the names, whatever the order they were asked for in: a replay
	 * reads the whole topic, so it goes first.
	 */
	private List<Measure.Name> inOrder() {
		return (this.settings.only != null) ? List.copyOf(EnumSet.copyOf(this.settings.only))
				: List.of(Measure.Name.values());
	}

	private S3Server server(Path work) throws IOException, InterruptedException {
		Settings s = this.settings;
		if (s.endpoint != null) {
			String access = Objects.requireNonNullElse(s.accessKey, System.getenv().get("AWS_ACCESS_KEY_ID"));
			String secret = Objects.requireNonNullElse(s.secretKey, System.getenv().get("AWS_SECRET_ACCESS_KEY"));
			return new S3Server("of one's own", URI.create(s.endpoint), s.region, access, secret, () -> {
			});
		}
		if (!s.s3mock && S3Server.onPath("versitygw")) {
			return S3Server.versitygw(work.resolve("s3"), work.resolve("s3.log"));
		}
		return S3Server.s3mock(work.resolve("s3"));
	}

}
