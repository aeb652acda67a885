package dev.holdfast.app.profile;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.VolumeMarks;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a directory with a profile's eyes, without a running Holdfast and without
 * changing anything.
 */
public final class ProfileCheck {

	private static final String LINK = "symbolic links are not followed: put the file itself there";

	private static final String SPECIAL = "no file but a pipe, socket or device: nothing to keep";

	private static final String UNREADABLE = "not readable by this user: give it the right to read";

	private static final String REFUSED = "a name that cannot be a key of the store: rename it";

	private final Path directory;

	private final ProfileRoot root;

	private final GlobRules rules;

	private final Tally isProtected = new Tally();

	private final Tally notIncluded = new Tally();

	private final Tally special = new Tally();

	private final Map<Rule, Tally> skipped = new LinkedHashMap<>();

	private final Map<Rule, Tally> publicFiles = new LinkedHashMap<>();

	private final Map<Rule, Tally> sensitive = new LinkedHashMap<>();

	private final Map<String, Tally> notProtected = new LinkedHashMap<>();

	private ProfileCheck(Path directory, ProfileRoot root) {
		this.directory = directory;
		this.root = root;
		this.rules = root.globRules();
		root.exclude().forEach((rule) -> this.skipped.put(rule, new Tally()));
		root.publicFiles().forEach((rule) -> this.publicFiles.put(rule, new Tally()));
		root.sensitive().forEach((rule) -> this.sensitive.put(rule, new Tally()));
		List.of(LINK, UNREADABLE, REFUSED).forEach((reason) -> this.notProtected.put(reason, new Tally()));
	}

	/**
	 * Looks.
	 * @param appRoot the file system of the application's container or a checkout of the
	 * application, to look for folders of uploads in
	 * @param compose the application's compose file, to see which of them are on volumes
	 * @throws IOException where the directory cannot be looked at
	 */
	public static ProfileReport run(Path directory, Profiles.Choice choice, @Nullable Path appRoot,
			@Nullable ComposeFile compose) throws IOException {
		if (!Files.isDirectory(directory)) {
			throw new NotDirectoryException(directory.toString());
		}
		ProfileCheck check = new ProfileCheck(directory, choice.root());
		Files.walkFileTree(directory, check.new Visitor());
		List<ProfileReport.Folder> folders = new AppFolders(choice.profile(), appRoot, compose).look();
		return check.report(choice.profile().name(), folders);
	}

	private ProfileReport report(String profile, List<ProfileReport.Folder> folders) throws IOException {
		List<ProfileReport.ByReason> reasons = new ArrayList<>();
		this.notProtected.forEach((reason, found) -> reasons.add(new ProfileReport.ByReason(reason, found)));
		return new ProfileReport(profile, this.root.volume(), this.directory.toString(),
				VolumeMarks.nameOf(this.directory).orElse(null), this.isProtected, byRule(this.publicFiles),
				byRule(this.sensitive), byRule(this.skipped, new ProfileReport.ByRule("", SPECIAL, this.special)),
				this.notIncluded, reasons, folders);
	}

	private static List<ProfileReport.ByRule> byRule(Map<Rule, Tally> tallies, ProfileReport.ByRule... more) {
		List<ProfileReport.ByRule> rules = new ArrayList<>();
		tallies.forEach(
				(rule, found) -> rules.add(new ProfileReport.ByRule(rule.glob().toString(), rule.reason(), found)));
		rules.addAll(List.of(more));
		return rules;
	}

	private void count(String path, long size) {
		Optional<Rule> excluded = this.rules.excludedBy(path);
		if (excluded.isPresent()) {
			tally(this.skipped, excluded.get()).add(path, size);
		}
		else if (!isKey(path)) {
			tally(this.notProtected, REFUSED).add(path, size);
		}
		else if (!this.rules.covers(path)) {
			this.notIncluded.add(path, size);
		}
		else {
			this.isProtected.add(path, size);
			countByRule(this.publicFiles, path, size);
			countByRule(this.sensitive, path, size);
		}
	}

	private static void countByRule(Map<Rule, Tally> tallies, String path, long size) {
		tallies.forEach((rule, found) -> {
			if (rule.glob().matches(path)) {
				found.add(path, size);
			}
		});
	}

	private boolean isKey(String path) {
		try {
			return MediaId.of(new VolumeName(this.root.volume()).value(), path).path().equals(path);
		}
		catch (InvalidMediaPathException ex) {
			return false;
		}
	}

	private static <K> Tally tally(Map<K, Tally> tallies, K key) {
		return tallies.computeIfAbsent(key, (_) -> new Tally());
	}

	private final class Visitor extends SimpleFileVisitor<Path> {

		private String relative(Path file) {
			return ProfileCheck.this.directory.relativize(file).toString();
		}

		@Override
		public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
			return FileRules.isReserved(relative(directory)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
			String path = relative(file);
			if (attributes.isRegularFile()) {
				if (Files.isReadable(file) || ProfileCheck.this.rules.excludedBy(path).isPresent()) {
					count(path, attributes.size());
				}
				else {
					tally(ProfileCheck.this.notProtected, UNREADABLE).add(path, attributes.size());
				}
			}
			else if (attributes.isSymbolicLink()) {
				tally(ProfileCheck.this.notProtected, LINK).add(path, 0);
			}
			else {
				ProfileCheck.this.special.add(path, 0);
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException met) throws IOException {
			if (file.equals(ProfileCheck.this.directory)) {
				throw met;
			}
			if (ProfileCheck.this.rules.mayCover(relative(file))) {
				tally(ProfileCheck.this.notProtected, UNREADABLE).add(relative(file), 0);
			}
			return FileVisitResult.CONTINUE;
		}

	}

}
