package dev.holdfast.standalone;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

import dev.holdfast.broker.FreePort;

/**
 * The ports that nobody chose. They stay the same from one start to the next, so that
 * what a person wrote down stays true, unless somebody else has taken one.
 *
 * @param kafka the broker's
 * @param s3 the S3 endpoint's
 * @param worker the worker's HTTP port
 */
record Ports(int kafka, int s3, int worker) {

	/**
	 * Reads the ports from the file, replaces those that are not free, and keeps them
	 * there.
	 */
	static Ports loadOrChoose(Path file) {
		try {
			Properties kept = new Properties();
			if (Files.exists(file)) {
				try (Reader reader = Files.newBufferedReader(file)) {
					kept.load(reader);
				}
			}
			Ports ports = new Ports(choose(kept, "kafka"), choose(kept, "s3"), choose(kept, "worker"));
			OwnerOnly.write(file, PropertiesText.of(kept));
			return ports;
		}
		catch (IOException ex) {
			throw new HoldfastException(ExitCode.NOT_WRITABLE,
					"Ports in %s cannot be read or written (%s): make the file writable for you".formatted(file, ex),
					ex);
		}
	}

	private static int choose(Properties kept, String name) {
		String text = kept.getProperty(name, "");
		int port = text.matches("[1-9]\\d{0,4}") ? Integer.parseInt(text) : 0;
		while (port == 0 || port > 65535 || !FreePort.isFree(port) || isTaken(kept, name, port)) {
			port = FreePort.find();
		}
		kept.setProperty(name, Integer.toString(port));
		return port;
	}

	private static boolean isTaken(Properties kept, String name, int port) {
		return kept.stringPropertyNames()
			.stream()
			.anyMatch((other) -> !other.equals(name) && kept.getProperty(other).equals(Integer.toString(port)));
	}

}
