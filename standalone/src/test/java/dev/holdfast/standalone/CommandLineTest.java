package dev.holdfast.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.holdfast.broker.FreePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class CommandLineTest {

	@TempDir
	Path directory;

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	@Test
	void help_listsCommandsAndExitCodesAndHidesTheParts() {
		assertThat(run("--help")).isZero();
		assertThat(this.out.toString()).contains("up", "status", "Exit codes:", "6   another instance");
		assertThat(this.out.toString()).doesNotContain("broker");
	}

	@Test
	void wrongArguments_areOneLine() {
		assertThat(run("up", "--port", "x")).isEqualTo(ExitCode.USAGE);
		assertThat(this.err.toString()).startsWith("holdfast: Invalid value for option '--port'").hasLineCount(1);
		assertThat(this.out.toString()).isEmpty();
	}

	@Test
	void status_saysThatNothingRuns() {
		assertThat(run("status", "--data", this.directory.toString())).isEqualTo(ExitCode.NOT_RUNNING);
		assertThat(this.err.toString()).contains("./holdfast up").hasLineCount(1);
	}

	@Test
	void status_saysThatAKilledInstanceDoesNotAnswer() throws Exception {
		new Connection("http://127.0.0.1:" + FreePort.find(), "token", "127.0.0.1:1",
				new Connection.S3(null, null, "bucket", null, null), "primary", "http://127.0.0.1:1", Map.of(), 1)
			.write(DataDirectory.connectionFile(this.directory));
		assertThat(run("status", "--data", this.directory.toString())).isEqualTo(ExitCode.NOT_RUNNING);
		assertThat(this.err.toString()).contains("does not answer", "./holdfast up").hasLineCount(1);
	}

	@Test
	void up_refusesADirectoryInUseBeforeItTouchesAnything() {
		try (DataDirectory held = DataDirectory.open(this.directory)) {
			assertThat(run("up", "--data", held.path().toString())).isEqualTo(ExitCode.ALREADY_RUNNING);
		}
		assertThat(this.err.toString()).contains("another running instance").hasLineCount(1);
		assertThat(this.directory).isDirectoryNotContaining("glob:**.properties");
	}

	@Test
	void portInUse_isExplainedFromHoweverDeep() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			HoldfastException explained = StartFailures
				.explain(new IllegalStateException(StartFailures.portInUse(other.getLocalPort())));
			assertThat(explained.exitCode()).isEqualTo(ExitCode.PORT_IN_USE);
			assertThat(explained).hasMessageContaining("Port " + other.getLocalPort());
		}
	}

	private int run(String... arguments) {
		CommandLine line = Holdfast.commandLine();
		for (CommandLine command : List.of(line, line.getSubcommands().getOrDefault(arguments[0], line))) {
			command.setOut(new PrintWriter(this.out, true));
			command.setErr(new PrintWriter(this.err, true));
		}
		return line.execute(arguments);
	}

}
