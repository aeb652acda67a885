package dev.holdfast.it.harness;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.holdfast.s3endpoint.S3EndpointException;
import dev.holdfast.s3endpoint.S3EndpointProcess;
import org.jspecify.annotations.Nullable;

/**
 * The S3 endpoint as a {@link Part}.
 */
final class S3Part implements Part {

	private final Path data;

	private final int port;

	private @Nullable CompletableFuture<S3EndpointProcess> process;

	S3Part(Path data, int port) {
		this.data = data;
		this.port = port;
	}

	@Override
	public String name() {
		return "s3";
	}

	@Override
	public synchronized void start() {
		if (isAlive()) {
			throw new IllegalStateException("s3 runs already");
		}
		this.process = CompletableFuture.supplyAsync(
				() -> S3EndpointProcess.start(Distribution.s3Jars(), this.data, this.port),
				(start) -> Thread.ofPlatform().daemon().start(start));
	}

	@Override
	public void awaitReady() {
		running();
	}

	@Override
	public synchronized void kill() {
		if (this.process != null) {
			try {
				this.process.join().kill();
			}
			catch (CompletionException ex) {
				if (!(ex.getCause() instanceof S3EndpointException)) {
					throw ex;
				}
				// It has not come up, so that there is nothing to kill.
			}
		}
	}

	@Override
	public int terminate() {
		running().close();
		return 0;
	}

	@Override
	public void freeze() {
		Signals.send("STOP", running().pid());
	}

	@Override
	public void thaw() {
		Signals.send("CONT", running().pid());
	}

	@Override
	public synchronized boolean isAlive() {
		return this.process != null && (!this.process.isDone()
				|| (!this.process.isCompletedExceptionally() && this.process.join().isAlive()));
	}

	@Override
	public String log() {
		return ProcessPart.read(this.data.resolve("endpoint.log"));
	}

	private synchronized S3EndpointProcess running() {
		if (this.process == null) {
			throw new IllegalStateException("s3 was never started");
		}
		return this.process.join();
	}

}
