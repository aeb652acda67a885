package dev.holdfast.app.profile;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.holdfast.app.volume.FileRules;
import org.jspecify.annotations.Nullable;

/**
 * One directory in which an application keeps uploads, and how it is looked after.
 *
 * @param volume the name of the volume that it is to be
 * @param path where it is in the application's container
 * @param variable the environment variable of the application that names it
 * @param holds what is in it
 * @param mount how it is mounted
 * @param owner who owns the files
 * @param include which files are looked after; none for all
 * @param exclude which are not, whatever includes them
 * @param publicFiles which may be served to anyone; everything else is private
 * @param sensitive which need care most
 * @param deletes what becomes of the replica of a file that is deleted
 * @param guard beyond what changes are held
 * @param readOnly whether Holdfast never writes to it
 */
public record ProfileRoot(String volume, @Nullable String path, @Nullable String variable, String holds, Mount mount,
		@Nullable Owner owner, List<Rule> include, List<Rule> exclude, List<Rule> publicFiles, List<Rule> sensitive,
		Deletes deletes, Guard guard, boolean readOnly) {

	/**
	 * Copies the lists.
	 */
	public ProfileRoot {
		include = List.copyOf(include);
		exclude = List.copyOf(exclude);
		publicFiles = List.copyOf(publicFiles);
		sensitive = List.copyOf(sensitive);
	}

	/**
	 * Which files scan and watch take.
	 */
	public FileRules rules() {
		return globRules();
	}

	GlobRules globRules() {
		return new GlobRules(this.include, this.exclude);
	}

	/**
	 * How the directory is mounted, as a line of a compose file.
	 *
	 * @param app by the application's own compose file
	 * @param holdfast by Holdfast's
	 * @param reason why so
	 */
	public record Mount(@Nullable String app, String holdfast, String reason) {

	}

	/**
	 * Who owns the files.
	 *
	 * @param user the user's id
	 * @param reason why, and what follows from it
	 */
	public record Owner(String user, String reason) {

	}

	/** What becomes of the replica of a file that was deleted. */
	public enum DeletePolicy {

		/** The replica stays. */
		KEEP,

		/** It can be brought back for a time. */
		TRASH,

		/** It is removed at once. */
		MIRROR;

		/**
		 * As settings and profiles write it.
		 */
		public String text() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * What becomes of replicas.
	 *
	 * @param policy what
	 * @param reason why
	 */
	public record Deletes(DeletePolicy policy, String reason) {

	}

	/**
	 * Beyond what changes are held until a person has looked at them.
	 *
	 * @param deletes how many deletes
	 * @param overwrites how many overwrites and deletes together
	 */
	public record Guard(Limit deletes, Limit overwrites) {

	}

	/**
	 * More than the larger of the two within the time is too many.
	 *
	 * @param files so many files
	 * @param share this share of the volume's files, 0 to 1
	 * @param within the time
	 * @param reason why
	 */
	public record Limit(int files, double share, Duration within, String reason) {

	}

}
