package dev.holdfast.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/**
 * Scans as text for people.
 */
final class ScanText {

	/** What asks for attention, and what to do about it. */
	private static final Map<String, String> REMEDIES = Map.of("damaged",
			"the bytes have changed and nothing says that anyone wrote them: put the files back from their replicas",
			"missing", "known and not there: put them back, or delete them through the API", "unreadable",
			"let the user that runs Holdfast read them", "refused-name", "no name for an object: rename them",
			"held-back", "too many changes at once: approve or reject them", "being-written",
			"left to the next scan, as they did not keep still");

	private static final List<String> ORDER = List.of("damaged", "held-back", "missing", "unreadable", "refused-name",
			"being-written");

	private ScanText() {
	}

	static String asked(JsonNode answer) {
		StringBuilder text = new StringBuilder();
		answer.path("scans")
			.forEach((scan) -> text.append("scan ")
				.append(scan.path("id").asLong(0))
				.append(" of ")
				.append(subject(scan))
				.append(": ")
				.append(scan.path("state").asString(""))
				.append('\n'));
		return text.append("./holdfast status shows how far it is; --follow waits for the end\n").toString();
	}

	static String progress(JsonNode scan) {
		String state = scan.path("state").asString("");
		return subject(scan) + ": " + switch (state) {
			case "walking" -> "walking, " + scan.path("seen").asLong(0) + " names seen";
			case "reading" -> reading(scan.path("progress"));
			default -> state;
		};
	}

	/**
	 * How far the reading is: files, bytes, rate and time left.
	 */
	static String reading(JsonNode progress) {
		StringBuilder text = new StringBuilder("reading, ").append(progress.path("filesRead").asLong(0))
			.append(" of ")
			.append(progress.path("filesToRead").asLong(0))
			.append(" files, ")
			.append(StatusText.size(progress.path("bytesRead").asLong(0)))
			.append(" of ")
			.append(StatusText.size(progress.path("bytesToRead").asLong(0)))
			.append(", ")
			.append(Math.round(progress.path("filesPerSecond").asDouble(0)))
			.append(" files/s, ")
			.append(StatusText.size(Math.round(progress.path("bytesPerSecond").asDouble(0))))
			.append("/s");
		JsonNode left = progress.path("secondsLeft");
		if (left.isNumber()) {
			text.append(", ").append(StatusText.age(left.asLong())).append(" left");
		}
		return text.toString();
	}

	static String over(JsonNode scan) {
		JsonNode found = scan.path("found");
		List<String> counts = new ArrayList<>();
		counts.add(scan.path("seen").asLong(0) + " names seen");
		counts.add(found.path("unchanged").asLong(0) + " unchanged");
		counts.add(found.path("published").asLong(0) + " published");
		for (String kind : List.of("same-bytes", "excluded", "no-file", "vanished")) {
			if (found.path(kind).asLong(0) > 0) {
				counts.add(found.path(kind).asLong(0) + " " + kind);
			}
		}
		StringBuilder text = new StringBuilder(subject(scan)).append(": ")
			.append(String.join(", ", counts))
			.append('\n');
		if (scan.path("reason").isString()) {
			text.append("  ended early: ").append(scan.path("reason").asString("")).append('\n');
		}
		for (String kind : ORDER) {
			long count = found.path(kind).asLong(0);
			if (count > 0) {
				text.append("  ").append(count).append(' ').append(kind);
				text.append(" (").append(REMEDIES.getOrDefault(kind, "")).append("):\n");
				names(text, scan.path("names").path(kind), count);
			}
		}
		return text.toString();
	}

	/** Whether it found what does not go away by itself. */
	static boolean asksForAPerson(JsonNode scan) {
		return ORDER.stream()
			.filter((kind) -> !kind.equals("being-written"))
			.anyMatch((kind) -> scan.path("found").path(kind).asLong(0) > 0);
	}

	private static void names(StringBuilder text, JsonNode names, long count) {
		names.forEach((name) -> text.append("    ").append(name.asString("")).append('\n'));
		if (count > names.size()) {
			text.append("    and ").append(count - names.size()).append(" more\n");
		}
	}

	private static String subject(JsonNode scan) {
		String path = scan.path("path").asString("");
		return scan.path("volume").asString("") + (path.isEmpty() ? "" : "/" + path);
	}

}
