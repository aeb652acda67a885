package dev.holdfast.standalone;

import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/**
 * A migration as text for people.
 */
final class MigrationText {

	private static final Map<String, String> WORDS = Map.ofEntries(Map.entry("copied", "copied and verified"),
			Map.entry("identical", "there already, identical"), Map.entry("conflict", "CONFLICT, not touched"),
			Map.entry("in-the-way", "something in the way, not copied"),
			Map.entry("being-written", "being written, not taken"), Map.entry("unreadable", "not readable"),
			Map.entry("symbolic-link", "symbolic links, not followed"),
			Map.entry("own-directory", "volumes and the like in the source, not gone into"),
			Map.entry("refused-name", "with names that cannot be"), Map.entry("special", "no files"),
			Map.entry("excluded", "passed over by the profile"), Map.entry("vanished", "gone meanwhile"),
			Map.entry("removed", "sources removed"), Map.entry("not-migrated", "kept, the volume has no copy"),
			Map.entry("not-replicated", "kept, the copy is not replicated"));

	private static final Map<String, String> WORDS_WHEN_DRY = Map.of("copied", "would be copied", "removed",
			"sources would be removed");

	private MigrationText() {
	}

	static String progress(JsonNode migration) {
		return String.format(Locale.ROOT, "  %d of %d files, %s of %s", migration.path("done").path("files").asLong(0),
				migration.path("total").path("files").asLong(0),
				StatusText.size(migration.path("done").path("bytes").asLong(0)),
				StatusText.size(migration.path("total").path("bytes").asLong(0)));
	}

	static String of(JsonNode migration) {
		StringBuilder text = new StringBuilder();
		boolean dry = migration.path("mode").asString("").endsWith("dry-run");
		String to = migration.path("to").asString("");
		text.append(migration.path("from").asString(""))
			.append(" -> ")
			.append(migration.path("volume").asString(""))
			.append('/')
			.append(to.isEmpty() ? "" : to + "/")
			.append(dry ? " (dry run, nothing was changed)\n" : "\n");
		if (migration.path("sourceMissing").asBoolean(false)) {
			text.append(dry ? "There is no source folder. That is normal: the directory on the volume would be made.\n"
					: "There is no source folder. That is normal: the directory on the volume is there.\n");
		}
		migration.path("outcomes").forEachEntry((outcome, sum) -> {
			String word = WORDS.getOrDefault(outcome, outcome);
			text.append(String.format(Locale.ROOT, "%8d %s (%s)%n", sum.path("files").asLong(0),
					dry ? WORDS_WHEN_DRY.getOrDefault(outcome, word) : word,
					StatusText.size(sum.path("bytes").asLong(0))));
		});
		long owners = migration.path("ownersNotKept").asLong(0);
		if (owners > 0) {
			text.append(owners)
				.append(" copies belong to the user of app-service, which may not give files away: chown them, or run"
						+ " it as root\n");
		}
		migration.path("details").forEach((detail) -> detail(text, detail));
		long leftOut = migration.path("detailsLeftOut").asLong(0);
		if (leftOut > 0) {
			text.append("  and ").append(leftOut).append(" more\n");
		}
		return text.append(migration.path("note").asString("")).append('\n').toString();
	}

	private static void detail(StringBuilder text, JsonNode detail) {
		text.append("  ")
			.append(detail.path("outcome").asString(""))
			.append(": ")
			.append(detail.path("path").asString("").replaceAll("\\p{Cntrl}", "?"))
			.append('\n');
		if (detail.path("sourceDigest").isString()) {
			text.append("    source ").append(detail.path("sourceDigest").asString("")).append('\n');
			text.append("    volume ").append(detail.path("targetDigest").asString("")).append('\n');
		}
		else if (detail.path("reason").isString()) {
			text.append("    ").append(detail.path("reason").asString("")).append('\n');
		}
	}

}
