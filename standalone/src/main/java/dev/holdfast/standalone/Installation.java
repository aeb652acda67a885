package dev.holdfast.standalone;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where this program's own files are.
 */
final class Installation {

	private Installation() {
	}

	/**
	 * The directory of jars of the S3 endpoint: beside the program, or where the build's
	 * tests say ({@code holdfast.s3.jars}).
	 */
	static Path s3Jars() {
		String given = System.getProperty("holdfast.s3.jars");
		if (given != null) {
			return Path.of(given);
		}
		Path jars = home().resolve("s3-endpoint");
		if (!Files.isDirectory(jars)) {
			throw new HoldfastException(ExitCode.FAILED,
					"This installation is incomplete, %s is missing: build it again (mvn package)".formatted(jars));
		}
		return jars;
	}

	private static Path home() {
		try {
			Path program = Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			return program.resolveSibling("").toAbsolutePath();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException("The program's own place is not a path", ex);
		}
	}

}
