package dev.holdfast.worker.cli;

import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a command says where Kafka does not answer.
 */
final class Unreachable {

	static final int EXIT_CODE = 3;

	private Unreachable() {
	}

	static int tell(CommandSpec spec, KafkaOptions options, KafkaException ex) {
		spec.commandLine()
			.getErr()
			.printf("Kafka at %s does not answer (%s): is it running? Name another with --kafka HOST:PORT%n",
					options.kafka(), ex.getMessage());
		spec.commandLine().getErr().flush();
		return EXIT_CODE;
	}

}
