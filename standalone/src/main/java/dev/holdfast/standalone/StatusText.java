package dev.holdfast.standalone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;

/**
 * The API's status as text for people.
 */
final class StatusText {

	private StatusText() {
	}

	static String totals(JsonNode status) {
		StringBuilder text = new StringBuilder();
		JsonNode files = status.path("files");
		long known = files.path("known").asLong(0);
		List<String> counts = new ArrayList<>();
		counts.add(known + ((known == 1) ? " file" : " files"));
		counts.add(files.path("replicated").asLong(0) + " replicated");
		addIfAny(counts, files.path("pending").asLong(0), "pending");
		addIfAny(counts, files.path("retrying").asLong(0), "retrying");
		addIfAny(counts, files.path("deadLettered").asLong(0), "dead-lettered");
		addIfAny(counts, status.path("missing").asLong(0), "missing");
		addIfAny(counts, status.path("damaged").asLong(0), "damaged");
		JsonNode oldest = status.path("oldestUnreplicatedAgeSeconds");
		counts.add("oldest waiting: " + (oldest.isNumber() ? age(oldest.asLong()) : "none"));
		text.append(String.join(", ", counts)).append('\n');
		text.append(size(status.path("bytes").path("replicated").asLong(0)))
			.append(" of ")
			.append(size(status.path("bytes").path("known").asLong(0)))
			.append(" replicated\n");
		long waiting = status.path("outbox").path("waiting").asLong(0);
		if (waiting > 0) {
			text.append(waiting).append(" events wait for Kafka\n");
		}
		state(text, "Kafka", status.path("kafka"));
		status.path("stores").forEach((store) -> state(text, "store " + store.path("name").asString(""), store));
		status.path("volumes").forEach((volume) -> {
			state(text, "volume " + volume.path("name").asString(""), volume);
			scan(text, volume.path("scan").path("last"));
			WatchText.append(text, volume.path("watch"));
			held(text, volume.path("hold"));
		});
		status.path("topics")
			.forEach((finding) -> text.append("topic ")
				.append(finding.path("topic").asString(""))
				.append(": ")
				.append(finding.path("setting").asString(""))
				.append(" is ")
				.append(finding.path("actual").asString(""))
				.append(", needed is ")
				.append(finding.path("expected").asString(""))
				.append(". ")
				.append(finding.path("remedy").asString(""))
				.append('\n'));
		return text.toString();
	}

	/**
	 * A scan that is under way, or one that did not come to its end.
	 */
	private static void scan(StringBuilder text, JsonNode scan) {
		switch (scan.path("state").asString("")) {
			case "walking" ->
				text.append("  scan: walking, ").append(scan.path("seen").asLong(0)).append(" names seen\n");
			case "reading" -> text.append("  scan: ").append(ScanText.reading(scan.path("progress"))).append('\n');
			case "failed" -> text.append("  scan ended early: ").append(scan.path("reason").asString("")).append('\n');
			default -> {
				// Over, or none yet.
			}
		}
	}

	static String file(JsonNode file) {
		StringBuilder text = new StringBuilder();
		text.append(file.path("volume").asString(""))
			.append('/')
			.append(file.path("path").asString(""))
			.append(": ")
			.append(file.path("state").asString("unknown"))
			.append(file.path("held").isString() ? ", held: " + file.path("held").asString("") : "")
			.append('\n');
		if (file.path("missing").isString()) {
			text.append("  missing since ").append(file.path("missing").asString("")).append('\n');
		}
		if (file.path("damaged").isString()) {
			text.append("  damaged, its bytes are now ").append(file.path("damaged").asString("")).append('\n');
		}
		text.append("  version ").append(file.path("version").asString("")).append('\n');
		text.append("  ").append(size(file.path("size").asLong(0))).append(", ");
		text.append(file.path("digest").asString("")).append('\n');
		file.path("replicas").forEach((replica) -> replica(text, replica));
		return text.toString();
	}

	private static void replica(StringBuilder text, JsonNode replica) {
		text.append("  store ")
			.append(replica.path("store").asString(""))
			.append(": ")
			.append(replica.path("state").asString(""));
		if (replica.path("disposition").isString()) {
			text.append(" (").append(replica.path("disposition").asString("")).append(')');
		}
		if (replica.path("bucket").isString()) {
			text.append(", s3://")
				.append(replica.path("bucket").asString(""))
				.append('/')
				.append(replica.path("objectKey").asString(""));
		}
		long attempts = replica.path("attempts").asLong(0);
		if (attempts > 1) {
			text.append(", ").append(attempts).append(" attempts");
		}
		if (replica.path("nextAttempt").isString()) {
			text.append(", next ").append(replica.path("nextAttempt").asString(""));
		}
		if (replica.path("reason").isString()) {
			text.append(": ").append(replica.path("reason").asString(""));
		}
		text.append('\n');
	}

	private static void held(StringBuilder text, JsonNode hold) {
		if (hold.path("since").isString()) {
			text.append("  HELD since ")
				.append(hold.path("since").asString(""))
				.append(": ")
				.append(hold.path("deletes").asLong(0))
				.append(" deletes and ")
				.append(hold.path("overwrites").asLong(0))
				.append(" overwrites, because ")
				.append(hold.path("reason").asString(""))
				.append("; ./holdfast deletes list shows more\n");
		}
	}

	private static void state(StringBuilder text, String what, JsonNode node) {
		text.append(what).append(": ").append(node.path("state").asString("unknown"));
		if (node.path("reason").isString() && !node.path("reason").asString("").isEmpty()) {
			text.append(" (").append(node.path("reason").asString("")).append(')');
		}
		text.append('\n');
	}

	private static void addIfAny(List<String> counts, long count, String what) {
		if (count > 0) {
			counts.add(count + " " + what);
		}
	}

	static String age(long seconds) {
		Duration age = Duration.ofSeconds(seconds);
		if (age.toHours() > 0) {
			return age.toHours() + " h " + age.toMinutesPart() + " min";
		}
		return (age.toMinutes() > 0) ? age.toMinutes() + " min " + age.toSecondsPart() + " s" : seconds + " s";
	}

	/**
	 * So many bytes for a person.
	 */
	static String size(long bytes) {
		if (bytes < 1000) {
			return bytes + " B";
		}
		double value = bytes;
		int unit = -1;
		while (value >= 999.95) {
			value /= 1000;
			unit++;
		}
		return String.format(Locale.ROOT, "%.1f %cB", value, "kMGTPE".charAt(unit));
	}

}
