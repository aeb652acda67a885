package dev.holdfast.standalone;

import tools.jackson.databind.JsonNode;

/**
 * How a volume is watched, as text for people: one line, and one for each file that does
 * not get finished.
 */
final class WatchText {

	private static final int SHOWN = 5;

	private WatchText() {
	}

	static void append(StringBuilder text, JsonNode watch) {
		if (!watch.isObject()) {
			return;
		}
		text.append("  watch: ").append(watch.path("mode").asString("off"));
		addIfAny(text, watch.path("watches").asLong(0), "directories");
		addIfAny(text, watch.path("gaps").asLong(0), "gaps closed");
		addIfAny(text, watch.path("settling").asLong(0), "files settling");
		addIfAny(text, watch.path("refusedNames").asLong(0), "names left out");
		addIfAny(text, watch.path("byTimeAlone").asLong(0), "files taken for finished by their times alone");
		if (watch.path("closing").asBoolean(false)) {
			text.append(", a gap is being scanned");
		}
		if (watch.path("reason").isString()) {
			text.append(" (").append(watch.path("reason").asString("")).append(')');
		}
		text.append('\n');
		int shown = 0;
		for (JsonNode file : watch.path("unfinished")) {
			if (shown++ < SHOWN) {
				text.append("    not finished: ")
					.append(file.path("path").asString(""))
					.append(", ")
					.append(file.path("reason").asString(""))
					.append(", since ")
					.append(file.path("since").asString(""))
					.append('\n');
			}
		}
	}

	private static void addIfAny(StringBuilder text, long count, String what) {
		if (count > 0) {
			text.append(", ").append(count).append(' ').append(what);
		}
	}

}
