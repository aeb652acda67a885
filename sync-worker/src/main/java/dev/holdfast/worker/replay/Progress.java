package dev.holdfast.worker.replay;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A line that tells how far something is, how fast it goes and how long it will take.
 * Rewritten in place on a terminal; elsewhere a new line now and then.
 */
public final class Progress {

	private static final long NANOS_PER_SECOND = 1_000_000_000L;

	private static final long ON_TERMINAL_NANOS = NANOS_PER_SECOND / 5;

	private static final long ELSEWHERE_NANOS = 10 * NANOS_PER_SECOND;

	private static final int SECONDS_PER_MINUTE = 60;

	private static final int PERCENT = 100;

	private final PrintStream out;

	private final boolean terminal;

	private final LongSupplier nanos;

	private String phase = "";

	private long total;

	private long done;

	private long begun;

	private long shown;

	/**
	 * A progress line.
	 * @param out where it goes; not where results go
	 * @param terminal whether that is a terminal
	 * @param nanos the time, as {@link System#nanoTime()} gives it
	 */
	public Progress(PrintStream out, boolean terminal, LongSupplier nanos) {
		this.out = out;
		this.terminal = terminal;
		this.nanos = nanos;
	}

	/**
	 * Something else begins.
	 * @param name what, for example {@code reading events}
	 * @param size how many steps it has
	 */
	synchronized void phase(String name, long size) {
		this.phase = name;
		this.total = size;
		this.done = 0;
		this.begun = this.nanos.getAsLong();
		this.shown = this.begun;
	}

	/**
	 * So many steps more are done.
	 */
	synchronized void advance(long steps) {
		this.done += steps;
		long now = this.nanos.getAsLong();
		if (now - this.shown >= (this.terminal ? ON_TERMINAL_NANOS : ELSEWHERE_NANOS)) {
			this.shown = now;
			show(line(now));
		}
	}

	/**
	 * Clears the line for what comes next.
	 */
	synchronized void end() {
		if (this.terminal) {
			this.out.print("\r\033[K");
			this.out.flush();
		}
	}

	private void show(String line) {
		if (this.terminal) {
			this.out.print("\r" + line + "\033[K");
		}
		else {
			this.out.println(line);
		}
		this.out.flush();
	}

	private String line(long now) {
		double seconds = Math.max(now - this.begun, 1) / (double) NANOS_PER_SECOND;
		double rate = this.done / seconds;
		long left = (rate > 0) ? Math.round((this.total - this.done) / rate) : 0;
		return String.format(Locale.ROOT, "%s: %,d of %,d (%d %%), %,.0f/s, %s left", this.phase, this.done, this.total,
				(this.total > 0) ? this.done * PERCENT / this.total : PERCENT, rate, duration(left));
	}

	private static String duration(long seconds) {
		long minutes = seconds / SECONDS_PER_MINUTE;
		return (minutes >= SECONDS_PER_MINUTE)
				? (minutes / SECONDS_PER_MINUTE) + " h " + (minutes % SECONDS_PER_MINUTE) + " min"
				: (minutes > 0) ? minutes + " min " + (seconds % SECONDS_PER_MINUTE) + " s" : seconds + " s";
	}

}
