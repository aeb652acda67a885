package dev.holdfast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/**
 * A container as a {@link Part}. Killed and started again it is the same container, with
 * what it wrote to its disk; {@link #close()} removes it.
 */
final class ContainerPart implements Part {

	private final String name;

	private final GenericContainer<?> container;

	private final BooleanSupplier ready;

	private @Nullable CompletableFuture<Void> starting;

	/**
	 * A part that is not running yet.
	 * @param container with a port of its own choice on this machine, as it has to come
	 * back on the same one
	 * @param ready whether it can do its work, asked again and again
	 */
	ContainerPart(String name, GenericContainer<?> container, BooleanSupplier ready) {
		this.name = name;
		this.container = container;
		this.ready = ready;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public synchronized void start() {
		if (isAlive()) {
			throw new IllegalStateException(this.name + " runs already");
		}
		this.starting = CompletableFuture.runAsync(() -> {
			if (isCreated()) {
				docker().startContainerCmd(this.container.getContainerId()).exec();
			}
			else {
				this.container.start();
			}
		}, (start) -> Thread.ofPlatform().daemon().start(start));
	}

	@Override
	public void awaitReady() {
		started();
		Awaitility.await(this.name + " to be ready")
			.atMost(STARTS_WITHIN)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(100))
			.until(() -> !isRunning() || this.ready.getAsBoolean());
		if (!isRunning()) {
			throw new AssertionError(this.name + " exited instead of getting ready:\n" + Logs.tail(log()));
		}
	}

	@Override
	public void kill() {
		if (isAlive()) {
			started();
			docker().killContainerCmd(this.container.getContainerId()).exec();
			awaitEnd();
		}
	}

	@Override
	public int terminate() {
		started();
		try {
			// The first process is a shell that hears no SIGTERM, and ends with what it
			// has started.
			this.container.execInContainer("sh", "-c", "kill -TERM -1");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while " + this.name + " was to end", ex);
		}
		return awaitEnd();
	}

	private int awaitEnd() {
		Awaitility.await(this.name + " to end")
			.atMost(STARTS_WITHIN)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> !isRunning());
		Long status = state().getExitCodeLong();
		return (status != null) ? status.intValue() : -1;
	}

	@Override
	public void freeze() {
		docker().pauseContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public void thaw() {
		docker().unpauseContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public synchronized boolean isAlive() {
		return (this.starting != null && !this.starting.isDone()) || (isCreated() && isRunning());
	}

	@Override
	public String log() {
		return isCreated() ? this.container.getLogs() : "";
	}

	@Override
	public void close() {
		CompletableFuture<Void> begun = starting();
		if (begun != null) {
			// How it ended has been told where it was waited for.
			begun.handle((_, _) -> true).join();
		}
		if (isCreated() && Boolean.TRUE.equals(state().getPaused())) {
			thaw();
		}
		this.container.stop();
	}

	/** Not under the lock: a start takes its time, and others ask whether it is over. */
	private void started() {
		CompletableFuture<Void> begun = starting();
		if (begun == null) {
			throw new IllegalStateException(this.name + " was never started");
		}
		begun.join();
	}

	private synchronized @Nullable CompletableFuture<Void> starting() {
		return this.starting;
	}

	private boolean isCreated() {
		return this.container.getContainerId() != null;
	}

	private boolean isRunning() {
		return Boolean.TRUE.equals(state().getRunning());
	}

	private ContainerState state() {
		return docker().inspectContainerCmd(this.container.getContainerId()).exec().getState();
	}

	private DockerClient docker() {
		return this.container.getDockerClient();
	}

}
