package dev.holdfast.standalone;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import dev.holdfast.app.AppService;
import dev.holdfast.broker.KafkaBrokerMain;
import dev.holdfast.s3endpoint.S3EndpointException;
import dev.holdfast.s3endpoint.S3EndpointProcess;
import dev.holdfast.worker.SyncWorker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Each part as a process of its own, for those who take Holdfast apart: tests that kill
 * the parts one by one, and benchmarks.
 */
final class PartCommands {

	private PartCommands() {
	}

	/** What such a command is given is for Spring Boot to understand. */
	interface SpringBoot {

	}

	/** The broker. */
	@Command(name = "broker", hidden = true, description = "Run the Kafka broker alone.")
	static final class Broker implements Callable<Integer> {

		@Option(names = "--data", paramLabel = "DIR", required = true, description = "Its data directory.")
		private Path data;

		@Option(names = "--port", paramLabel = "N", defaultValue = "0", description = "Its port; 0 for a free one.")
		private int port;

		@Override
		public Integer call() {
			return KafkaBrokerMain.run(this.data, this.port);
		}

	}

	/** The S3 endpoint. */
	@Command(name = "s3", hidden = true, description = "Run the S3 endpoint alone.")
	static final class S3 implements Callable<Integer> {

		@Spec
		private CommandSpec spec;

		@Option(names = "--data", paramLabel = "DIR", required = true, description = "Its data directory.")
		private Path data;

		@Option(names = "--port", paramLabel = "N", defaultValue = "0", description = "Its port; 0 for a free one.")
		private int port;

		@Override
		public Integer call() {
			try (S3EndpointProcess endpoint = S3EndpointProcess.start(Installation.s3Jars(), this.data, this.port)) {
				Runtime.getRuntime().addShutdownHook(new Thread(endpoint::close, "stop-s3"));
				this.spec.commandLine().getOut().println("ready " + endpoint.uri() + " pid " + endpoint.pid());
				this.spec.commandLine().getOut().flush();
				endpoint.onExit().join();
				throw new HoldfastException(ExitCode.FAILED, "S3 endpoint ended: see " + this.data + "/endpoint.log");
			}
			catch (S3EndpointException ex) {
				throw StartFailures.explain(ex);
			}
		}

	}

	/** app-service. */
	@Command(name = "app", hidden = true, description = "Run app-service alone, with Spring Boot's arguments.")
	static final class App implements Callable<Integer>, SpringBoot {

		@Parameters
		private List<String> arguments = List.of();

		@Override
		public Integer call() throws InterruptedException {
			AppService.main(this.arguments.toArray(String[]::new));
			Thread.currentThread().join();
			return ExitCode.OK;
		}

	}

	/** sync-worker. */
	@Command(name = "worker", hidden = true, description = "Run sync-worker alone, with Spring Boot's arguments.")
	static final class Worker implements Callable<Integer>, SpringBoot {

		@Parameters
		private List<String> arguments = List.of();

		@Override
		public Integer call() throws InterruptedException {
			SyncWorker.main(this.arguments.toArray(String[]::new));
			Thread.currentThread().join();
			return ExitCode.OK;
		}

	}

}
