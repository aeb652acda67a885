package dev.holdfast.worker.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.holdfast.worker.deadletter.DeadLetter;
import dev.holdfast.worker.deadletter.Redrive;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Sends dead letters round again.
 */
@Command(name = "redrive", mixinStandardHelpOptions = true,
		description = "Has dead letters tried again, as if they had never been.", exitCodeListHeading = "Exit codes:%n",
		exitCodeList = { "0:all that were asked for are on their way", "1:nothing matches, or some cannot be redriven",
				"2:wrong usage", "3:Kafka does not answer" })
public class RedriveCommand implements Callable<Integer> {

	@Mixin
	private KafkaOptions options = new KafkaOptions();

	@ArgGroup(multiplicity = "1")
	private Selection selection = new Selection();

	@Option(names = "--dry-run", description = "Only say which they are")
	private boolean dryRun;

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	/** Which letters. */
	private static final class Selection {

		@Parameters(index = "0", arity = "0..1", paramLabel = "PATH",
				description = "VOLUME/PATH of a media file, or of a directory and all below it")
		private @Nullable String path;

		@Option(names = "--all", description = "All of them")
		private boolean all;

		private boolean includes(DeadLetter letter) {
			String wanted = this.path;
			return this.all || (wanted != null && (letter.name().equals(wanted)
					|| letter.name().startsWith(wanted.endsWith("/") ? wanted : wanted + "/")));
		}

	}

	/**
	 * What is set otherwise than by option and environment; nothing, unless someone who
	 * knows more extends this command.
	 */
	protected Map<String, String> settings() {
		return Map.of();
	}

	@Override
	public Integer call() {
		CommandLog.quieten();
		this.options.complete(settings());
		PrintWriter out = this.spec.commandLine().getOut();
		List<DeadLetter> chosen;
		List<DeadLetter> sent;
		try {
			Redrive redrive = this.options.redrive();
			chosen = redrive.list().stream().filter(this.selection::includes).toList();
			sent = this.dryRun ? chosen : redrive.redrive(chosen);
		}
		catch (KafkaException ex) {
			return Unreachable.tell(this.spec, this.options, ex);
		}
		sent.forEach((letter) -> out.println(letter.name()));
		if (chosen.isEmpty()) {
			out.println("No dead letter matches.");
		}
		else {
			out.printf(this.dryRun ? "%d would be redriven.%n" : "%d redriven.%n", sent.size());
		}
		out.flush();
		chosen.stream()
			.filter((letter) -> !this.dryRun && !sent.contains(letter))
			.forEach((letter) -> this.spec.commandLine()
				.getErr()
				.printf("%s cannot be redriven: the record was too large to be kept whole%n", letter.name()));
		return (!chosen.isEmpty() && sent.size() == chosen.size()) ? 0 : 1;
	}

}
