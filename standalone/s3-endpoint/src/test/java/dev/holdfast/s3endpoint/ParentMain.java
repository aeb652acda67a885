package dev.holdfast.s3endpoint;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A parent for the test to kill: starts an endpoint, prints its process id, and stays.
 */
final class ParentMain {

	private ParentMain() {
	}

	public static void main(String[] args) throws IOException {
		try (S3EndpointProcess endpoint = S3EndpointProcess.start(Path.of(args[0]), Path.of(args[1]), 0)) {
			System.out.println(endpoint.pid());
			System.in.read();
		}
	}

}
