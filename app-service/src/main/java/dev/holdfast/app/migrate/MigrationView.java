package dev.holdfast.app.migrate;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A migration as the API shows it. Over all outcomes the sum of files is {@code done}.
 *
 * @param id its name
 * @param from the source folder
 * @param volume the volume
 * @param to the directory on the volume, or the empty string for its root
 * @param mode {@code copy}, {@code dry-run}, {@code cleanup} or {@code cleanup-dry-run}
 * @param state {@code running}, {@code done}, {@code failed} or {@code stopped}
 * @param reason why it failed
 * @param began when it began
 * @param ended when it ended
 * @param sourceMissing whether there is no source folder, which is normal: the directory
 * on the volume was made
 * @param total what was found in the source folder
 * @param done what has been dealt with
 * @param outcomes what became of it
 * @param left how many files a person has to look at
 * @param ownersNotKept how many copies belong to app-service, which may not give files
 * away
 * @param details the files that a person has to look at
 * @param detailsLeftOut how many of them are not listed
 * @param note what stays as it is, for a person
 */
record MigrationView(String id, String from, String volume, String to, String mode, String state,
		@Nullable String reason, Instant began, @Nullable Instant ended, boolean sourceMissing, Findings.Sum total,
		Findings.Sum done, Map<String, Findings.Sum> outcomes, long left, long ownersNotKept,
		List<Findings.Detail> details, long detailsLeftOut, String note) {

	static String note(MigrationPlan plan) {
		return plan.mode().isCleanup()
				? "Directories of the source folder stay. Addresses and the paths in the application's database are"
						+ " not touched."
				: "The source stays as it is. Addresses and the paths in the application's database are not touched:"
						+ " the application finds the files where it looks for them in "
						+ (plan.to().isEmpty() ? "the volume" : "'" + plan.to() + "' of the volume") + ".";
	}

}
