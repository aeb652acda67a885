package dev.holdfast.worker.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

import dev.holdfast.worker.replay.Progress;
import dev.holdfast.worker.replay.ReplayReport;
import dev.holdfast.worker.replay.ReplayRequest;
import dev.holdfast.worker.replay.ReplaySession;
import dev.holdfast.worker.store.StoreException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.springframework.boot.context.properties.bind.BindException;

/**
 * Brings a store to what the topic says.
 */
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false, description = {
		"Brings the store to what the topic of events says: an emptied, a damaged or a new one.",
		"What is there already is left alone. May run while the worker runs, and may be stopped and run again at"
				+ " any time: it goes on where it was." },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:the store has everything",
				"1:something is missing or failed or has changed since its event, or a dry run found work to do",
				"2:wrong usage or settings", "3:Kafka or the store does not answer or lets nobody in" })
public class ReplayCommand implements Callable<Integer> {

	static final int INCOMPLETE = 1;

	static final int AWAY = 3;

	private static final List<Function<String, Instant>> FORMS = List.of(Instant::parse,
			(text) -> OffsetDateTime.parse(text).toInstant(),
			(text) -> LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant(),
			(text) -> LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant());

	@Option(names = "--from", paramLabel = "TIME", defaultValue = "earliest",
			description = "Only files with an event since then: 2026-11-20, 2026-11-20T08:30, 2026-11-20T08:30:00Z, or"
					+ " earliest for all. Default: ${DEFAULT-VALUE}.")
	private String from = "earliest";

	@Option(names = "--to", paramLabel = "STORE",
			description = "The store, as a safeguard: replays only where the settings are those of the store of that name.")
	private @Nullable String to;

	@Option(names = "--dry-run", description = "Change nothing, only tell what would be done.")
	private boolean dryRun;

	@Option(names = "--json", description = "Print the report as JSON.")
	private boolean json;

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	/**
	 * What is set otherwise than by file and environment; nothing, unless someone who
	 * knows more extends this command.
	 */
	protected Map<String, String> settings() {
		return Map.of();
	}

	@Override
	public Integer call() throws InterruptedException {
		CommandLog.quieten();
		ReplayRequest request = new ReplayRequest(since(), this.dryRun);
		try (ReplaySession session = new ReplaySession(settings())) {
			if (this.to != null && !this.to.equals(session.storeName().value())) {
				throw new ParameterException(this.spec.commandLine(),
						"the settings are those of store '%s', not '%s': set holdfast.store.name and the other settings of that store"
							.formatted(session.storeName(), this.to));
			}
			ReplayReport report = session.run(request, new Progress(System.err,
					Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent(), System::nanoTime));
			PrintWriter out = this.spec.commandLine().getOut();
			out.print(this.json ? report.json() + System.lineSeparator() : report.text());
			out.flush();
			return report.complete() ? 0 : INCOMPLETE;
		}
		catch (BindException ex) {
			throw new ParameterException(this.spec.commandLine(), root(ex));
		}
		catch (StoreException ex) {
			return away(String.valueOf(ex.getMessage()));
		}
		catch (KafkaException ex) {
			return away("Kafka: " + root(ex) + ": is it running, and is spring.kafka.bootstrap-servers its address?");
		}
	}

	private int away(String message) {
		PrintWriter err = this.spec.commandLine().getErr();
		err.println(message);
		err.println("What was replayed is in the store: run this again when it answers, it goes on where it was");
		err.flush();
		return AWAY;
	}

	private @Nullable Instant since() {
		if (this.from.equals("earliest")) {
			return null;
		}
		for (Function<String, Instant> form : FORMS) {
			try {
				return form.apply(this.from);
			}
			catch (DateTimeException ex) {
				// Perhaps one of the other forms.
			}
		}
		throw new ParameterException(this.spec.commandLine(), "--from: '" + this.from
				+ "' is no time: write 2026-11-20, 2026-11-20T08:30, 2026-11-20T08:30:00Z, or earliest");
	}

	private static String root(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return (root.getMessage() != null) ? root.getMessage() : root.getClass().getSimpleName();
	}

}
