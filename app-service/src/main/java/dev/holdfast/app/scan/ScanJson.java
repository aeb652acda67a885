package dev.holdfast.app.scan;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A scan as the API shows it.
 *
 * @param id numbers the scans since the start of app-service
 * @param volume the volume
 * @param path the directory, empty for the whole volume
 * @param cause why
 * @param checksum whether every file is read
 * @param state {@code waiting}, {@code walking}, {@code reading}, {@code done} or
 * {@code failed}
 * @param reason why it ended early
 * @param from when it began
 * @param until when it ended
 * @param seen how many names it came to
 * @param found how many of them are what
 * @param names the first names of those that ask for attention
 * @param progress how far the reading is
 */
public record ScanJson(long id, String volume, String path, String cause, boolean checksum, String state,
		@Nullable String reason, @Nullable Instant from, @Nullable Instant until, long seen, Map<String, Long> found,
		Map<String, List<String>> names, Progress progress) {

	/**
	 * How far the reading is.
	 *
	 * @param filesToRead how many files have to be read, those done included
	 * @param bytesToRead how many bytes they have
	 * @param filesRead how many of them are done
	 * @param bytesRead how many bytes those have
	 * @param filesPerSecond how many are done in a second
	 * @param bytesPerSecond how many bytes those have
	 * @param secondsLeft how long it will go on at this rate
	 */
	public record Progress(long filesToRead, long bytesToRead, long filesRead, long bytesRead, double filesPerSecond,
			double bytesPerSecond, @Nullable Long secondsLeft) {

	}

	/**
	 * This scan for the API.
	 */
	public static ScanJson of(ScanView view) {
		ScanReport report = view.report();
		ScanProgress at = view.progress();
		boolean over = at.phase() == ScanProgress.Phase.DONE;
		String trouble = (report == null) ? null : report.trouble();
		Map<String, Long> found = new TreeMap<>();
		Map<String, List<String>> names = new TreeMap<>();
		if (report != null) {
			for (Scanned kind : Scanned.values()) {
				found.put(word(kind), report.count(kind));
			}
			report.names().forEach((kind, first) -> names.put(word(kind), first));
		}
		return new ScanJson(view.id(), view.volume().value(), view.subtree(), word(view.cause()), view.checksum(),
				(trouble != null) ? "failed" : word(at.phase()), trouble, view.from(),
				(over && report != null) ? report.until() : null, at.seen(), found, names,
				new Progress(at.filesToRead(), at.bytesToRead(), at.filesRead(), at.bytesRead(),
						rounded(at.filesPerSecond()), rounded(at.bytesPerSecond()), at.secondsLeft()));
	}

	private static double rounded(double value) {
		return Math.round(value * 10) / 10.0;
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
