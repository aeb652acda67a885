package dev.holdfast.standalone;

import java.util.Map;

import dev.holdfast.worker.cli.DeadLettersCommand;
import dev.holdfast.worker.cli.RedriveCommand;
import dev.holdfast.worker.cli.ReplayCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * sync-worker's commands, which know the running instance here.
 */
final class WorkerCommands {

	private WorkerCommands() {
	}

	/** The dead letters of the instance's store. */
	@Command(name = "dead-letters")
	static final class DeadLetters extends DeadLettersCommand {

		@Mixin
		private InstanceOption instance = new InstanceOption();

		@Override
		protected Map<String, String> settings() {
			return this.instance.settings();
		}

	}

	/** Sends them round again. */
	@Command(name = "redrive")
	static final class Redrive extends RedriveCommand {

		@Mixin
		private InstanceOption instance = new InstanceOption();

		@Override
		protected Map<String, String> settings() {
			return this.instance.settings();
		}

	}

	/** Brings the instance's store to what the topic says. */
	@Command(name = "replay")
	static final class Replay extends ReplayCommand {

		@Mixin
		private InstanceOption instance = new InstanceOption();

		@Override
		protected Map<String, String> settings() {
			return this.instance.settings();
		}

	}

}
