package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What a run is made of. Mutable because picocli fills it in.
 */
final class Settings {

	@Option(names = "--files", defaultValue = "10000",
			description = "Small files in a round (default ${DEFAULT-VALUE}).")
	int files;

	@Option(names = "--size", defaultValue = "20480", description = "Bytes in a small file (default ${DEFAULT-VALUE}).")
	int size;

	@Option(names = "--large", defaultValue = "2147483648",
			description = "Bytes in the large file (default ${DEFAULT-VALUE}).")
	long large;

	@Option(names = "--replay-files", defaultValue = "100000",
			description = "Files that are replayed (default ${DEFAULT-VALUE}).")
	int replayFiles;

	@Option(names = "--restart-files", defaultValue = "1000000",
			description = "Unchanged files on a restart (default ${DEFAULT-VALUE}).")
	int restartFiles;

	@Option(names = "--restart-rounds", defaultValue = "2",
			description = "Rounds of that comparison (default ${DEFAULT-VALUE}).")
	int restartRounds;

	@Option(names = "--rate", defaultValue = "50", description = "Uploads per second (default ${DEFAULT-VALUE}).")
	int rate;

	@Option(names = "--seconds", defaultValue = "20",
			description = "Length of a phase of steady uploads (default ${DEFAULT-VALUE}).")
	int seconds;

	@Option(names = "--rounds", defaultValue = "5",
			description = "Rounds of each comparison, first and second taking turns (default ${DEFAULT-VALUE}).")
	int rounds;

	@Option(names = "--seed", defaultValue = "20261122",
			description = "Of the files' bytes (default ${DEFAULT-VALUE}).")
	long seed;

	@Option(names = "--only", split = ",", paramLabel = "MEASURE",
			description = "Only these: ${COMPLETION-CANDIDATES}; default all.")
	@Nullable List<Measure.Name> only;

	@Option(names = "--endpoint", paramLabel = "URL",
			description = "An S3 endpoint of your own; default: one is started, versitygw where it is on the PATH.")
	@Nullable String endpoint;

	@Option(names = "--region", defaultValue = "us-east-1", description = "Its region (default ${DEFAULT-VALUE}).")
	String region = "us-east-1";

	@Option(names = "--access-key", description = "Its access key; default AWS_ACCESS_KEY_ID.")
	@Nullable String accessKey;

	@Option(names = "--secret-key", description = "Its secret key; default AWS_SECRET_ACCESS_KEY.")
	@Nullable String secretKey;

	@Option(names = "--bucket", defaultValue = "holdfast-bench",
			description = "Prefix of the two buckets that are created and filled (default ${DEFAULT-VALUE}).")
	String bucket = "holdfast-bench";

	@Option(names = "--s3mock", description = "Start Holdfast's own S3 endpoint even where versitygw is on the PATH.")
	boolean s3mock;

	@Option(names = "--rclone-provider", defaultValue = "Other",
			description = "What rclone is told that the endpoint is (default ${DEFAULT-VALUE}).")
	String rcloneProvider = "Other";

	@Option(names = "--worker-jvm", split = " ", paramLabel = "OPTIONS",
			description = "JVM options of the worker; default: those of its image.")
	@Nullable List<String> workerJvm;

	@Option(names = "--work", paramLabel = "DIR", defaultValue = "target/bench",
			description = "Where files, topics and logs go (default ${DEFAULT-VALUE}).")
	Path work = Path.of("target/bench");

	@Option(names = "--keep", description = "Leave all of that there at the end.")
	boolean keep;

	@Option(names = "--json", description = "Print JSON instead of a table.")
	boolean json;

}
