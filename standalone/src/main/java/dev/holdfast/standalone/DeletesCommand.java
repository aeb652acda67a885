package dev.holdfast.standalone;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Shows the deletes and overwrites that wait for a person, and takes the decision.
 */
@Command(name = "deletes", aliases = "holds", sortOptions = false,
		description = { "Show, approve or reject the deletes and overwrites that are held.",
				"They are held when others delete or overwrite more of a volume's files than its limits allow." },
		subcommands = { DeletesCommand.ListHeld.class, DeletesCommand.Approve.class, DeletesCommand.Reject.class })
final class DeletesCommand implements Runnable {

	@Spec
	private CommandSpec spec;

	@Override
	public void run() {
		this.spec.commandLine().usage(this.spec.commandLine().getOut());
	}

	/** What all of these commands take. */
	static final class Instance {

		@Option(names = "--volume", paramLabel = "NAME",
				description = "The volume; needed where several have something held.")
		private @Nullable String volume;

		@Option(names = "--json", description = "Print the API's answer as it is.")
		private boolean json;

		@Option(names = "--data", paramLabel = "DIR", description = "Data directory of the instance, as given to up.")
		private @Nullable Path data;

		private ApiClient client() {
			return ApiClient.of(this.data, Environment.ofProcess());
		}

	}

	/** Shows what is held. */
	@Command(name = "list", sortOptions = false,
			description = "Show what is held: how much, examples, since when, and the last good moment.")
	static final class ListHeld implements Runnable {

		@Spec
		private CommandSpec spec;

		@Mixin
		private final Instance instance = new Instance();

		@Override
		public void run() {
			String of = (this.instance.volume == null) ? "" : "?volume=" + ApiClient.encode(this.instance.volume);
			ApiClient.Answer answer = this.instance.client().get("/api/v1/holds" + of).orFail();
			PrintWriter out = this.spec.commandLine().getOut();
			out.print(this.instance.json ? answer.json() + "\n" : HoldsText.list(answer.tree()));
			out.flush();
		}

	}

	/** Lets what is held be carried out. */
	@Command(name = "approve", sortOptions = false,
			description = {
					"Carry out what is held: files that are still gone are deleted, changed files are replicated.",
					"What becomes of the replicas is the volume's policy, holdfast.deletes.policy." })
	static final class Approve extends Decide {

		Approve() {
			super("approve");
		}

	}

	/** Lets what is held never be carried out. */
	@Command(name = "reject", sortOptions = false,
			description = "Carry out nothing of what is held: the replicas stay as they are.")
	static final class Reject extends Decide {

		Reject() {
			super("reject");
		}

	}

	/** A decision. */
	abstract static class Decide implements Runnable {

		private final String word;

		@Spec
		private CommandSpec spec;

		@Mixin
		private final Instance instance = new Instance();

		@Option(names = "--dry-run", description = "Only say what it would come to.")
		private boolean dryRun;

		@Option(names = "--as-of", paramLabel = "N",
				description = "Decide about no more than what list has shown, as it says; what was held later waits on. "
						+ "Without it, about what is held now, which is shown first.")
		private @Nullable Long asOf;

		private Decide(String word) {
			this.word = word;
		}

		@Override
		public void run() {
			ApiClient client = this.instance.client();
			PrintWriter out = this.spec.commandLine().getOut();
			JsonNode volumes = client.get("/api/v1/holds").orFail().tree().path("volumes");
			String volume = (this.instance.volume != null) ? this.instance.volume : onlyOne(volumes);
			long shown = (this.asOf != null) ? this.asOf : show(out, volumes, volume);
			ApiClient.Answer answer = client
				.post("/api/v1/holds/%s/%s?dry-run=%s&as-of=%d".formatted(ApiClient.encode(volume), this.word,
						this.dryRun, shown), null)
				.orFail();
			out.print(this.instance.json ? answer.json() + "\n" : HoldsText.decision(answer.tree()));
			out.flush();
		}

		/**
		 * Shows what the decision will be about.
		 * @return what it is as of: whatever is held from now on is not in it
		 */
		private long show(PrintWriter out, JsonNode volumes, String name) {
			JsonNode hold = volumes.valueStream()
				.filter((volume) -> volume.path("volume").asString("").equals(name))
				.map((volume) -> volume.path("hold"))
				.findFirst()
				.orElse(MissingNode.getInstance());
			if (hold.isObject() && !this.instance.json) {
				out.print(HoldsText.about(name, hold));
				out.flush();
			}
			return hold.path("asOf").asLong(0);
		}

		private static String onlyOne(JsonNode volumes) {
			List<String> held = volumes.valueStream()
				.filter((volume) -> volume.path("hold").isObject())
				.map((volume) -> volume.path("volume").asString(""))
				.toList();
			return switch (held.size()) {
				case 0 -> throw new HoldfastException(ExitCode.FAILED,
						"Nothing is held: ./holdfast deletes list shows what is");
				case 1 -> held.getFirst();
				default -> throw new HoldfastException(ExitCode.USAGE,
						"Several volumes have something held (%s): name one with --volume"
							.formatted(String.join(", ", held)));
			};
		}

	}

}
