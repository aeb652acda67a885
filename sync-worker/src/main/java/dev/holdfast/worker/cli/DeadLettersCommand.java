package dev.holdfast.worker.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.holdfast.worker.deadletter.DeadLetter;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Lists the dead letters.
 */
@Command(name = "dead-letters", mixinStandardHelpOptions = true,
		description = "Lists the events that no more attempts are made for, and why.",
		exitCodeListHeading = "Exit codes:%n",
		exitCodeList = { "0:listed, also where there are none", "2:wrong usage", "3:Kafka does not answer" })
public class DeadLettersCommand implements Callable<Integer> {

	@Mixin
	private KafkaOptions options = new KafkaOptions();

	@Option(names = "--json", description = "As JSON: an array of objects")
	private boolean json;

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

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
		List<DeadLetter> letters;
		try {
			letters = this.options.redrive().list();
		}
		catch (KafkaException ex) {
			return Unreachable.tell(this.spec, this.options, ex);
		}
		if (this.json) {
			out.println(LetterJson.of(letters));
		}
		else if (letters.isEmpty()) {
			out.println("No dead letters.");
		}
		else {
			letters.forEach((letter) -> out.printf("%s%n    %s, %d attempts from %s to %s%n    %s%n", letter.name(),
					letter.failureClass().toLowerCase(Locale.ROOT), letter.attempts(), letter.firstFailure(),
					letter.failedAt(), letter.reason()));
			out.printf("%d in all. When the cause is mended: redrive PATH, or redrive --all%n", letters.size());
		}
		out.flush();
		return 0;
	}

}
