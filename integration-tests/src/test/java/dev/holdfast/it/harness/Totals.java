package dev.holdfast.it.harness;

import tools.jackson.databind.JsonNode;

/**
 * The files that the status API counts, by state.
 *
 * @param known all of them, deleted ones not counted
 */
public record Totals(long known, long replicated, long pending, long retrying, long deadLettered) {

	static Totals of(JsonNode status) {
		JsonNode files = status.path("files");
		return new Totals(number(files, "known"), number(files, "replicated"), number(files, "pending"),
				number(files, "retrying"), number(files, "deadLettered"));
	}

	private static long number(JsonNode files, String name) {
		JsonNode number = files.path(name);
		if (!number.isIntegralNumber()) {
			throw new AssertionError("The status API has no number files." + name + ": " + files);
		}
		return number.asLong();
	}

	/**
	 * Whether the parts make up the whole.
	 */
	public boolean addUp() {
		return this.known == this.replicated + this.pending + this.retrying + this.deadLettered;
	}

}
