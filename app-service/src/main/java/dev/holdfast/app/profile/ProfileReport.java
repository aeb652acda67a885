package dev.holdfast.app.profile;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a profile would do with a directory.
 *
 * @param profile the profile's name
 * @param root the name of its root
 * @param directory the directory that was looked at
 * @param volume the name of the volume that its marker says it is, where it has one
 * @param isProtected the files that scan and watch would take
 * @param publicFiles of those, the ones that may be served to anyone, by rule
 * @param sensitive of those, the ones that need care most, by rule
 * @param skipped the files that are passed over, by rule
 * @param notIncluded the files that no rule includes
 * @param notProtected what cannot be looked after, by reason
 * @param folders the folders of the application, and whether they lie on a volume
 */
public record ProfileReport(String profile, String root, String directory, @Nullable String volume, Tally isProtected,
		List<ByRule> publicFiles, List<ByRule> sensitive, List<ByRule> skipped, Tally notIncluded,
		List<ByReason> notProtected, List<Folder> folders) {

	/**
	 * Files that a rule is about.
	 *
	 * @param glob the rule's glob
	 * @param reason the rule's reason
	 * @param found the files
	 */
	public record ByRule(String glob, String reason, Tally found) {

	}

	/**
	 * Files that something is the matter with.
	 *
	 * @param reason what, and what to do
	 * @param found the files
	 */
	public record ByReason(String reason, Tally found) {

	}

	/**
	 * A folder of the application.
	 *
	 * @param path its path in the container
	 * @param holds what is in it
	 * @param reason what happens to it, and what to do
	 * @param on where it lies
	 * @param mount the volume or directory of the host, by the compose file
	 * @param seenAt where it was looked at
	 * @param files how many files are in it, where it was looked at
	 * @param bytes how large they are together
	 * @param unprotected whether files that are to be kept may be lost here
	 */
	public record Folder(String path, String holds, @Nullable String reason, On on, @Nullable String mount,
			@Nullable String seenAt, @Nullable Long files, @Nullable Long bytes, boolean unprotected) {

	}

	/** Where a folder lies. */
	public enum On {

		/** On a volume, by the compose file. */
		VOLUME,

		/** In the container, which is made anew now and then. */
		CONTAINER,

		/** On a volume, where the application is run as its makers mean it. */
		VOLUME_BY_DEFAULT,

		/** In the container, where the application is run as its makers mean it. */
		CONTAINER_BY_DEFAULT

	}

	/**
	 * Whether something was found that may be lost.
	 */
	public boolean isSomethingUnprotected() {
		return this.notProtected.stream().anyMatch((one) -> one.found().getFiles() > 0)
				|| this.notIncluded.getFiles() > 0 || this.folders.stream().anyMatch(Folder::unprotected);
	}

}
