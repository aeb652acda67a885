package dev.holdfast.it.harness;

import org.testcontainers.containers.GenericContainer;

/**
 * A container as a {@link Part}. It has its address once it has started, and what it
 * holds goes with it.
 */
public final class ContainerPart implements Part {

	private final String name;

	private final GenericContainer<?> container;

	/**
	 * A part of a container that is running already.
	 */
	public ContainerPart(String name, GenericContainer<?> container) {
		this.name = name;
		this.container = container;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public void start() {
		this.container.start();
	}

	@Override
	public void awaitReady() {
		if (!this.container.isRunning()) {
			throw new AssertionError(this.name + " is not running:\n" + log());
		}
	}

	@Override
	public void kill() {
		this.container.stop();
	}

	@Override
	public int terminate() {
		this.container.stop();
		return 0;
	}

	@Override
	public void freeze() {
		this.container.getDockerClient().pauseContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public void thaw() {
		this.container.getDockerClient().unpauseContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public boolean isAlive() {
		return this.container.isRunning();
	}

	@Override
	public String log() {
		return this.container.isRunning() ? this.container.getLogs() : "";
	}

}
