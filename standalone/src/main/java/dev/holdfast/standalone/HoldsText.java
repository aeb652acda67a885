package dev.holdfast.standalone;

import java.util.StringJoiner;

import tools.jackson.databind.JsonNode;

/**
 * What is held, as text for people.
 */
final class HoldsText {

	private HoldsText() {
	}

	/**
	 * What is held.
	 */
	static String list(JsonNode answer) {
		StringBuilder text = new StringBuilder();
		answer.path("volumes").forEach((held) -> volume(text, held));
		return text.isEmpty() ? "Nothing is held\n" : text.toString();
	}

	private static void volume(StringBuilder text, JsonNode held) {
		String name = text(held, "volume");
		JsonNode hold = held.path("hold");
		if (hold.isObject()) {
			text.append("volume ")
				.append(name)
				.append(": ")
				.append(counts(hold))
				.append(" held since ")
				.append(text(hold, "since"))
				.append(", because ")
				.append(text(hold, "reason"))
				.append('\n');
			examples(text, "deleted", hold.path("examples").path("deletes"), hold.path("deletes").asLong(0));
			examples(text, "overwritten", hold.path("examples").path("overwrites"), hold.path("overwrites").asLong(0));
			JsonNode good = hold.path("lastGood");
			text.append("  last good moment: ").append(text(good, "at"));
			if (!good.path("positions").isEmpty()) {
				StringJoiner positions = new StringJoiner(" ", ", " + text(good, "topic") + " at ", "");
				good.path("positions")
					.properties()
					.forEach((position) -> positions.add(position.getKey() + ":" + position.getValue().asLong()));
				text.append(positions);
			}
			String decide = " --volume " + name + " --as-of " + hold.path("asOf").asLong(0);
			text.append("\n  ./holdfast deletes approve")
				.append(decide)
				.append("\n    carries this out\n  ./holdfast deletes reject")
				.append(decide)
				.append("\n    leaves the replicas as they are\n");
		}
		long approving = held.path("approving").asLong(0);
		if (approving > 0) {
			text.append("volume ").append(name).append(": ").append(approving).append(" approved and being recorded\n");
		}
		long rejected = held.path("rejected").asLong(0);
		if (rejected > 0) {
			text.append("volume ")
				.append(name)
				.append(": ")
				.append(rejected)
				.append(" overwritten files were rejected, their replicas have the bytes of before\n");
		}
	}

	/**
	 * What a decision is going to be about.
	 */
	static String about(String volume, JsonNode hold) {
		StringBuilder text = new StringBuilder("volume ").append(volume)
			.append(": ")
			.append(counts(hold))
			.append(" held");
		String latest = text(hold, "latest");
		if (!latest.isEmpty()) {
			text.append(", the latest seen at ").append(latest);
		}
		return text.append('\n').toString();
	}

	static String decision(JsonNode answer) {
		boolean approve = text(answer, "decision").equals("approve");
		StringBuilder text = new StringBuilder("volume ").append(text(answer, "volume")).append(": ");
		if (answer.path("dryRun").asBoolean(false)) {
			text.append(approve ? "would approve " : "would reject ").append(counts(answer));
			long back = answer.path("back").asLong(0);
			if (back > 0) {
				text.append("; ").append(back).append(" of the deleted files are there again and would stay");
			}
			text.append('\n');
			left(text, answer.path("left"), " would still wait: held since what was shown\n");
			return text.toString();
		}
		text.append(approve ? "approved " : "rejected ").append(counts(answer));
		text.append(approve ? ": they are recorded now, ./holdfast deletes list shows how many are left\n"
				: ": the replicas stay as they are\n");
		left(text, answer.path("left"), " were held since what was shown and still wait: ./holdfast deletes list\n");
		return text.toString();
	}

	private static void left(StringBuilder text, JsonNode left, String what) {
		if (left.path("deletes").asLong(0) + left.path("overwrites").asLong(0) > 0) {
			text.append(counts(left)).append(what);
		}
	}

	private static String counts(JsonNode node) {
		return count(node.path("deletes").asLong(0), "delete") + " and "
				+ count(node.path("overwrites").asLong(0), "overwrite");
	}

	private static String count(long number, String what) {
		return number + " " + what + ((number == 1) ? "" : "s");
	}

	private static void examples(StringBuilder text, String what, JsonNode paths, long all) {
		paths.forEach((path) -> text.append("  ").append(what).append(' ').append(path.asString("")).append('\n'));
		if (all > paths.size()) {
			text.append("  ... and ").append(all - paths.size()).append(" more ").append(what).append('\n');
		}
	}

	private static String text(JsonNode node, String name) {
		return node.path(name).asString("");
	}

}
