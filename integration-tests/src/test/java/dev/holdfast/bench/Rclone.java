package dev.holdfast.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tool to measure against. Each run is a new process, as in a cron job, without any
 * configuration file but the environment given here.
 */
final class Rclone {

	private static final String REMOTE = "BENCH";

	private final S3Server s3;

	private final String provider;

	private final Path log;

	Rclone(S3Server s3, String provider, Path log) {
		this.s3 = s3;
		this.provider = provider;
		this.log = log;
	}

	/**
	 * The version line, and so a check that rclone is there.
	 * @throws IllegalStateException where it is not, saying how to get it
	 */
	static String version() throws IOException, InterruptedException {
		try {
			Process process = new ProcessBuilder("rclone", "version").start();
			String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
				.findFirst()
				.orElse("rclone of no version");
			process.waitFor();
			return version;
		}
		catch (IOException ex) {
			throw new IllegalStateException(
					"rclone, which is measured against, is not on the PATH: go install github.com/rclone/rclone@v1.74.4",
					ex);
		}
	}

	/**
	 * The remote's name of a bucket or of a part of it.
	 */
	static String remote(String bucketAndPrefix) {
		return REMOTE.toLowerCase(Locale.ROOT) + ":" + bucketAndPrefix;
	}

	/**
	 * Runs it and says what it took, the start of the process included.
	 * @throws IllegalStateException where it does not succeed
	 */
	Usage run(String... arguments) throws IOException, InterruptedException {
		Duration cpuBefore = ProcFs.cpuOfEndedChildren();
		long start = System.nanoTime();
		int status = start(arguments).waitFor();
		long end = System.nanoTime();
		if (status != 0) {
			throw new IllegalStateException(
					"rclone " + String.join(" ", arguments) + " ended with status " + status + ": see " + this.log);
		}
		return new Usage(Duration.ofNanos(end - start), ProcFs.cpuOfEndedChildren().minus(cpuBefore));
	}

	/**
	 * Compares two trees byte by byte: entity tags of uploads in parts are no digests.
	 * @return a line for each file that differs: {@code +} only in the first, {@code -}
	 * only in the second, {@code *} other bytes, {@code !} not readable
	 */
	List<String> differences(String one, String other) throws IOException, InterruptedException {
		Path report = Files.createTempFile(this.log.getParent(), "check", ".txt");
		try {
			int status = start("check", "--download", "--checkers", "16", "--combined", report.toString(), one, other)
				.waitFor();
			List<String> lines = Files.readAllLines(report);
			List<String> differing = lines.stream().filter((line) -> !line.startsWith("= ")).toList();
			if (status != 0 && differing.isEmpty()) {
				throw new IllegalStateException("rclone check ended with status " + status + ": see " + this.log);
			}
			return differing;
		}
		finally {
			Files.delete(report);
		}
	}

	/**
	 * Starts it and leaves it running.
	 */
	Process start(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of("rclone"));
		command.addAll(List.of(arguments));
		Files.createDirectories(this.log.getParent());
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()));
		String prefix = "RCLONE_CONFIG_" + REMOTE + "_";
		builder.environment()
			.putAll(Map.of("RCLONE_CONFIG", "/dev/null", prefix + "TYPE", "s3", prefix + "PROVIDER", this.provider,
					prefix + "ACCESS_KEY_ID", this.s3.accessKey(), prefix + "SECRET_ACCESS_KEY", this.s3.secretKey(),
					prefix + "ENDPOINT", this.s3.endpoint().toString(), prefix + "REGION", this.s3.region()));
		return builder.start();
	}

}
