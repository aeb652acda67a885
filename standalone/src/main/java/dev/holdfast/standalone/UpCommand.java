package dev.holdfast.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdfast.broker.FreePort;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs everything until it is told to stop.
 */
@Command(name = "up", sortOptions = false,
		description = "Run Holdfast on this machine: Kafka, S3 endpoint, app-service and sync-worker.", footer = { "",
				"Replicas go to an S3 endpoint on this machine, below the data directory, unless the environment names a bucket: AWS_STORAGE_BUCKET_NAME, with AWS_S3_ENDPOINT_URL and AWS_S3_REGION_NAME where needed. USE_S3=false keeps the local endpoint whatever else is set; USE_S3=true without a bucket is refused." })
final class UpCommand implements Callable<Integer> {

	private final AtomicBoolean stopped = new AtomicBoolean();

	@Spec
	private CommandSpec spec;

	@Option(names = "--data", paramLabel = "DIR",
			description = "Where everything is kept. Default: $XDG_DATA_HOME/holdfast or ~/.local/share/holdfast.")
	private @Nullable Path data;

	@Option(names = "--port", paramLabel = "N", defaultValue = "8080",
			description = "Port of the HTTP API on 127.0.0.1. Default: ${DEFAULT-VALUE}.")
	private int port;

	@Option(names = "--volume", paramLabel = "NAME=DIR",
			description = "A directory to take uploads into and replicate; may be repeated. "
					+ "Default: media=$MEDIA_ROOT and uploads=$UPLOAD_FOLDER, or else media below the data directory.")
	private List<String> volumes = List.of();

	@Option(names = "--profile", paramLabel = "[VOLUME=]NAME",
			description = "How the files of a volume are looked after: horilla, timetracker, generic, or the path of a file; "
					+ "NAME#ROOT where it has several roots. May be repeated. Default: every file. "
					+ "./holdfast profile list tells more.")
	private List<String> profiles = List.of();

	@Override
	public Integer call() throws Exception {
		Environment environment = Environment.ofProcess();
		Progress progress = new Progress(this.spec.commandLine().getOut());
		if (this.port < 1 || this.port > 65535) {
			throw new HoldfastException(ExitCode.USAGE, "--port %d: choose one from 1 to 65535".formatted(this.port));
		}
		StoreChoice store = StoreChoice.of(environment);
		DataDirectory directory = DataDirectory.open(environment.dataDirectory(this.data));
		Logging.toFile(directory.log());
		// What a killed instance has left is about nobody any more.
		Path connectionFile = DataDirectory.connectionFile(directory.path());
		Files.deleteIfExists(connectionFile);
		if (!FreePort.isFree(this.port)) {
			throw StartFailures.portInUse(this.port);
		}
		SortedMap<String, Path> chosen = VolumeChoice.of(this.volumes, environment, directory.defaultVolume());
		Standalone.Plan plan = new Standalone.Plan(directory, Installation.s3Jars(), this.port,
				Ports.loadOrChoose(directory.ports()), Secrets.loadOrCreate(directory.secrets(), environment), chosen,
				ProfileChoice.of(this.profiles, chosen.keySet()), store);
		return run(plan, connectionFile, progress);
	}

	private int run(Standalone.Plan plan, Path connectionFile, Progress progress) throws Exception {
		progress.say("Starting Holdfast in " + plan.data().path());
		Standalone standalone = new Standalone(plan, progress);
		Thread hook = new Thread(() -> {
			stop(standalone, plan, connectionFile, progress);
			// In good order is 0, and not what the JVM makes of the signal.
			Runtime.getRuntime().halt(ExitCode.OK);
		}, "stop");
		Runtime.getRuntime().addShutdownHook(hook);
		try {
			standalone.start();
			Connection connection = plan.connection();
			String state = new ApiClient(connection.url(), connection.token()).awaitStore();
			connection.write(connectionFile);
			progress.say(Banner.of(connection, plan.data(), state));
			String failure = standalone.failure().join();
			throw new HoldfastException(ExitCode.FAILED, failure + "; see " + plan.data().log());
		}
		finally {
			// Not reached by a signal: then the hook stops everything.
			if (removeHook(hook)) {
				stop(standalone, plan, connectionFile, progress);
			}
		}
	}

	private static boolean removeHook(Thread hook) {
		try {
			return Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			return false; // it runs already
		}
	}

	private void stop(Standalone standalone, Standalone.Plan plan, Path connectionFile, Progress progress) {
		if (!this.stopped.compareAndSet(false, true)) {
			return;
		}
		progress.say("Stopping");
		try {
			Files.deleteIfExists(connectionFile);
		}
		catch (IOException ex) {
			progress.say("  " + connectionFile + " stays behind: " + ex.getMessage());
		}
		standalone.close();
		plan.data().close();
	}

}
