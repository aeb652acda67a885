package dev.holdfast.app.profile;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.holdfast.app.profile.ProfileReport.Folder;
import dev.holdfast.app.profile.ProfileReport.On;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each folder that an application writes uploads to whether it lies on a volume.
 */
final class AppFolders {

	private final Profile profile;

	private final @Nullable Path appRoot;

	private final @Nullable ComposeFile compose;

	AppFolders(Profile profile, @Nullable Path appRoot, @Nullable ComposeFile compose) {
		this.profile = profile;
		this.appRoot = appRoot;
		this.compose = compose;
	}

	List<Folder> look() throws IOException {
		List<Folder> folders = new ArrayList<>();
		for (ProfileRoot root : this.profile.roots()) {
			if (root.path() != null) {
				folders.add(folder(root.path(), root.holds(), null, true, On.VOLUME_BY_DEFAULT));
			}
		}
		for (Profile.OffVolume folder : this.profile.offVolume()) {
			folders.add(folder(folder.path(), folder.holds(), folder.reason(), folder.keep(), On.CONTAINER_BY_DEFAULT));
		}
		return folders;
	}

	/**
	 * Without a compose file a folder counts as unprotected only where it was seen: what
	 * the application's makers do by default is not what was found.
	 */
	private Folder folder(String path, String holds, @Nullable String reason, boolean keep, On byDefault)
			throws IOException {
		Optional<Path> seen = seen(path);
		Count count = seen.isPresent() ? Count.of(seen.get()) : null;
		ComposeFile mounts = this.compose;
		On on = byDefault;
		String mount = null;
		if (mounts != null) {
			Optional<ComposeFile.Mount> found = mounts.mountOf(path);
			on = found.filter(ComposeFile.Mount::lasts).isPresent() ? On.VOLUME : On.CONTAINER;
			mount = found.map(ComposeFile.Mount::text).orElse(null);
		}
		boolean unprotected = keep && (on == On.CONTAINER || (on == On.CONTAINER_BY_DEFAULT && seen.isPresent()));
		return new Folder(path, holds, reason, on, mount, seen.map(Path::toString).orElse(null),
				(count != null) ? Long.valueOf(count.files) : null, (count != null) ? Long.valueOf(count.bytes) : null,
				unprotected);
	}

	/**
	 * The folder in a container's file system, or in a checkout, which is what the
	 * container has in the application's own directory.
	 */
	private Optional<Path> seen(String path) {
		Path top = this.appRoot;
		if (top == null) {
			return Optional.empty();
		}
		Stream.Builder<String> places = Stream.builder();
		places.add(path);
		String app = this.profile.appDirectory();
		if (app != null && path.startsWith(app + "/")) {
			places.add(path.substring(app.length()));
		}
		return places.build()
			.map((place) -> top.resolve(place.substring(1)))
			.filter((place) -> Files.exists(place, LinkOption.NOFOLLOW_LINKS))
			.findFirst();
	}

	private static final class Count extends SimpleFileVisitor<Path> {

		private long files;

		private long bytes;

		static Count of(Path path) throws IOException {
			Count count = new Count();
			Files.walkFileTree(path, count);
			return count;
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
			if (attributes.isRegularFile() && !file.endsWith(".gitkeep")) {
				this.files++;
				this.bytes += attributes.size();
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException met) {
			// Not readable is there all the same.
			this.files++;
			return FileVisitResult.CONTINUE;
		}

	}

}
