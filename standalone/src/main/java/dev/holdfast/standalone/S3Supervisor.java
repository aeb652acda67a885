package dev.holdfast.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.holdfast.s3endpoint.S3EndpointException;
import dev.holdfast.s3endpoint.S3EndpointProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the local S3 endpoint running: one that ends is started again, on the same port
 * and data, at once and then with growing delays. Meanwhile uploads are taken and wait.
 */
final class S3Supervisor implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(S3Supervisor.class);

	private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

	private final Path jars;

	private final Path data;

	private final CountDownLatch closing = new CountDownLatch(1);

	private final Thread watcher;

	private volatile S3EndpointProcess endpoint;

	private S3Supervisor(Path jars, Path data, S3EndpointProcess endpoint) {
		this.jars = jars;
		this.data = data;
		this.endpoint = endpoint;
		this.watcher = Thread.ofVirtual().name("s3-supervisor").unstarted(this::watch);
	}

	static S3Supervisor start(Path jars, Path data, int port) {
		S3Supervisor supervisor = new S3Supervisor(jars, data, S3EndpointProcess.start(jars, data, port));
		supervisor.watcher.start();
		return supervisor;
	}

	URI uri() {
		return this.endpoint.uri();
	}

	private void watch() {
		try {
			while (true) {
				this.endpoint.onExit().join();
				if (this.closing.getCount() == 0) {
					return;
				}
				LOG.atWarn().addKeyValue("endpoint", uri()).log("S3 endpoint ended by itself; starting it again");
				if (!restart()) {
					return;
				}
				LOG.atInfo().addKeyValue("endpoint", uri()).log("S3 endpoint runs again");
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("S3 endpoint is not watched any more");
		}
	}

	private boolean restart() throws InterruptedException {
		Duration delay = Duration.ofSeconds(1);
		for (int attempt = 1;; attempt++) {
			try {
				this.endpoint = S3EndpointProcess.start(this.jars, this.data, this.endpoint.port());
				return true;
			}
			catch (S3EndpointException ex) {
				if (attempt == 1) {
					LOG.atError()
						.addKeyValue("endpoint", uri())
						.log("S3 endpoint does not start again, trying on: {}", ex.getMessage());
				}
			}
			if (this.closing.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
				return false;
			}
			delay = (delay.compareTo(LONGEST_DELAY) < 0) ? delay.multipliedBy(2) : LONGEST_DELAY;
		}
	}

	@Override
	public void close() {
		this.closing.countDown();
		this.endpoint.close();
		try {
			// A restart may be under way: what it has started ends here, too.
			this.watcher.join(Duration.ofSeconds(30));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.endpoint.close();
	}

}
