package dev.holdfast.worker.replay;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a replay found and did. Each file that an event was read of counts once:
 * {@code files = replayed + alreadyThere + superseded + changed + missing + failed + deleted}.
 *
 * @param store the store's name
 * @param bucket its bucket
 * @param dryRun whether nothing was changed; then {@code replayed} is what would be
 * @param events how many events were read
 * @param outdated how many of them were not their file's latest
 * @param malformed how many records were no events
 * @param files how many files they were about
 * @param replayed how many were put into the store
 * @param replayedBytes how many bytes those are
 * @param alreadyThere how many the store had already
 * @param superseded how many are in the store in a version later than their latest event
 * @param changed how many have other bytes on their volume than their latest event says,
 * so that neither these nor those were put: an event that is still to come covers them
 * @param missing how many are neither in the store nor on their volume
 * @param failed how many could not be replayed for another reason
 * @param deleted how many are deleted, and so not in the store
 * @param abortedUploads how many multipart uploads nobody had finished were ended
 * @param took how long it took
 * @param problems what is missing, changed or failed, {@value #MAX_PROBLEMS} of them at
 * most
 */
public record ReplayReport(String store, String bucket, boolean dryRun, long events, long outdated, long malformed,
		long files, long replayed, long replayedBytes, long alreadyThere, long superseded, long changed, long missing,
		long failed, long deleted, int abortedUploads, Duration took, List<Problem> problems) {

	/** So many problems are told of one by one. */
	public static final int MAX_PROBLEMS = 1000;

	private static final int SHOWN_AS_TEXT = 20;

	private static final double MILLIS = 1000.0;

	public ReplayReport {
		problems = List.copyOf(problems);
	}

	/**
	 * A file that is not in the store as its latest event says.
	 *
	 * @param file {@code volume/path}
	 * @param kind {@code missing}, {@code changed} or {@code failed}
	 * @param reason why, and what can be done
	 */
	public record Problem(String file, String kind, String reason) {

	}

	/**
	 * Whether the store now has all that the topic says it should have.
	 */
	public boolean complete() {
		return notThere() == 0 && !(this.dryRun && this.replayed > 0);
	}

	private long notThere() {
		return this.missing + this.changed + this.failed;
	}

	/**
	 * One JSON object, on several lines. A documented format: names are added and none is
	 * changed.
	 */
	public String json() {
		JsonMapper mapper = JsonMapper.shared();
		ObjectNode node = mapper.createObjectNode();
		node.put("store", this.store)
			.put("bucket", this.bucket)
			.put("dryRun", this.dryRun)
			.put("complete", complete())
			.put("events", this.events)
			.put("outdated", this.outdated)
			.put("malformed", this.malformed)
			.put("files", this.files)
			.put("replayed", this.replayed)
			.put("replayedBytes", this.replayedBytes)
			.put("alreadyThere", this.alreadyThere)
			.put("superseded", this.superseded)
			.put("changed", this.changed)
			.put("missing", this.missing)
			.put("failed", this.failed)
			.put("deleted", this.deleted)
			.put("abortedUploads", this.abortedUploads)
			.put("seconds", seconds());
		ArrayNode list = node.putArray("problems");
		for (Problem problem : this.problems) {
			list.addObject().put("file", problem.file()).put("kind", problem.kind()).put("reason", problem.reason());
		}
		return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(node);
	}

	/**
	 * For a person to read.
	 */
	public String text() {
		StringBuilder text = new StringBuilder();
		text.append(String.format(Locale.ROOT, "%s of store %s (bucket %s): %,d files in %,d events, %.1f s%n",
				this.dryRun ? "Dry run of a replay" : "Replay", this.store, this.bucket, this.files, this.events,
				seconds()));
		line(text, this.dryRun ? "would be replayed" : "replayed", this.replayed);
		line(text, "already there", this.alreadyThere);
		line(text, "superseded", this.superseded);
		line(text, "deleted", this.deleted);
		line(text, "changed on the volume", this.changed);
		line(text, "missing on the volume", this.missing);
		line(text, "failed", this.failed);
		if (this.malformed > 0) {
			line(text, "malformed records", this.malformed);
		}
		if (this.abortedUploads > 0) {
			line(text, "stale uploads ended", this.abortedUploads);
		}
		this.problems.stream()
			.limit(SHOWN_AS_TEXT)
			.forEach((problem) -> text
				.append(String.format("  %s %s: %s%n", problem.kind(), problem.file(), problem.reason())));
		long more = notThere() - Math.min(this.problems.size(), SHOWN_AS_TEXT);
		if (more > 0) {
			text.append(String.format(Locale.ROOT, "  and %,d more (--json tells of up to %,d)%n", more, MAX_PROBLEMS));
		}
		return text.toString();
	}

	private static void line(StringBuilder text, String what, long count) {
		text.append(String.format(Locale.ROOT, "  %-22s %,10d%n", what, count));
	}

	private double seconds() {
		return this.took.toMillis() / MILLIS;
	}

}
