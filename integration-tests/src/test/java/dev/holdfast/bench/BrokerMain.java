package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;

import dev.holdfast.broker.KafkaBroker;

/**
 * The standalone's broker as a process of its own, so that its CPU time is counted for
 * neither side. Ends when asked to.
 */
final class BrokerMain {

	private BrokerMain() {
	}

	public static void main(String... arguments) throws IOException, InterruptedException {
		KafkaBroker broker = KafkaBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
		Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop-broker"));
		Thread.currentThread().join();
	}

}
