package dev.holdfast.app.profile;

import java.util.List;
import java.util.Optional;

import dev.holdfast.app.volume.FileRules;

/**
 * The rules of a profile: a file is looked after where a glob includes it, or nothing is
 * said of what to include, and none excludes it. Excluding wins.
 */
final class GlobRules implements FileRules {

	private final List<Rule> include;

	private final List<Rule> excludedDirectories;

	private final List<Rule> excludedFiles;

	/** Files are asked about directory by directory. */
	private volatile Decided last = new Decided("", Optional.empty());

	GlobRules(List<Rule> include, List<Rule> exclude) {
		this.include = List.copyOf(include);
		this.excludedDirectories = exclude.stream().filter((rule) -> rule.glob().isDirectory()).toList();
		this.excludedFiles = exclude.stream().filter((rule) -> !rule.glob().isDirectory()).toList();
	}

	@Override
	public boolean covers(String relativePath) {
		return !FileRules.isReserved(relativePath) && excludedBy(relativePath).isEmpty() && includes(relativePath);
	}

	@Override
	public boolean mayCover(String directory) {
		if (directory.isEmpty()) {
			return true;
		}
		return !FileRules.isReserved(directory) && excludedDirectory(directory).isEmpty() && (this.include.isEmpty()
				|| this.include.stream().anyMatch((rule) -> rule.glob().mayMatchBelow(directory)));
	}

	/**
	 * The first rule that excludes the file.
	 */
	Optional<Rule> excludedBy(String path) {
		int slash = path.lastIndexOf('/');
		Optional<Rule> directory = (slash > 0) ? excludedDirectory(path.substring(0, slash)) : Optional.empty();
		return directory.or(() -> first(this.excludedFiles, path));
	}

	private boolean includes(String path) {
		return this.include.isEmpty() || first(this.include, path).isPresent();
	}

	private Optional<Rule> excludedDirectory(String directory) {
		Decided before = this.last;
		if (before.directory().equals(directory)) {
			return before.by();
		}
		Optional<Rule> by = this.excludedDirectories.stream()
			.filter((rule) -> rule.glob().matchesAllBelow(directory))
			.findFirst();
		this.last = new Decided(directory, by);
		return by;
	}

	private static Optional<Rule> first(List<Rule> rules, String path) {
		for (Rule rule : rules) {
			if (rule.glob().matches(path)) {
				return Optional.of(rule);
			}
		}
		return Optional.empty();
	}

	private record Decided(String directory, Optional<Rule> by) {

	}

}
