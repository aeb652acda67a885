package dev.holdfast.app.profile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What an application keeps where, which of it is looked after, and why.
 *
 * @param name its name
 * @param title the application's name
 * @param about what is special about how it writes
 * @param appDirectory where the application itself is in its container, so that a
 * checkout of it can be looked at in its place
 * @param roots the directories of uploads that lie on volumes
 * @param offVolume the paths of uploads that lie on none
 * @param advice what else to do
 */
public record Profile(String name, String title, String about, @Nullable String appDirectory, List<ProfileRoot> roots,
		List<OffVolume> offVolume, List<Advice> advice) {

	/**
	 * Copies the lists.
	 */
	public Profile {
		roots = List.copyOf(roots);
		offVolume = List.copyOf(offVolume);
		advice = List.copyOf(advice);
	}

	/**
	 * Where the application writes and no volume is.
	 *
	 * @param path the path in its container
	 * @param holds what is in it
	 * @param reason what happens to it, and what to do
	 * @param keep whether it is to be kept; otherwise it may be lost
	 */
	public record OffVolume(String path, String holds, String reason, boolean keep) {

	}

	/**
	 * Something that a person does.
	 *
	 * @param what what
	 * @param reason why
	 */
	public record Advice(String what, String reason) {

	}

	/**
	 * The root for a volume: the one of its name, or the only one there is.
	 */
	public Optional<ProfileRoot> rootFor(String volume) {
		return (this.roots.size() == 1) ? Optional.of(this.roots.getFirst()) : root(volume);
	}

	/**
	 * The root of that name.
	 */
	public Optional<ProfileRoot> root(String name) {
		return this.roots.stream().filter((root) -> root.volume().equals(name)).findFirst();
	}

	/**
	 * The names of its roots, for messages.
	 */
	public String rootNames() {
		return this.roots.stream().map(ProfileRoot::volume).collect(Collectors.joining(", "));
	}

}
