package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.function.BooleanSupplier;

import dev.holdfast.app.catalog.ScanRecords.Known;
import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * Walks a volume and the catalog's rows of it side by side, both in the order of the
 * bytes of their paths: what differs, what is new and what is absent falls out of that
 * without a question to the catalog for each file. A million unchanged files take
 * seconds, and memory holds the names of the directories that the walk is in.
 */
final class Walk {

	/** Longer ones have no object key, and so are refused. */
	static final int LONGEST_PATH = 8 * 1024;

	private final VolumeName volume;

	private final FileRules rules;

	private final KnownFiles known;

	private final boolean checksum;

	private final Finds finds;

	private final BooleanSupplier stopped;

	/** The path that the walk is at; directories end with a slash. */
	private final byte[] path = new byte[LONGEST_PATH];

	Walk(VolumeName volume, FileRules rules, KnownFiles known, boolean checksum, Finds finds, BooleanSupplier stopped) {
		this.volume = volume;
		this.rules = rules;
		this.known = known;
		this.checksum = checksum;
		this.finds = finds;
		this.stopped = stopped;
	}

	/** Takes what the walk comes to. */
	interface Finds {

		/** A name that was seen, and that nothing more is to be done about. */
		void seen(Scanned kind, String path);

		/** The most frequent case of all: a file that is as it was recorded. */
		void unchanged();

		/** A file that is to be read. */
		void differs(String path, Folder.Seen seen);

		/** A known file that the walk did not come to. */
		void absent(String path);

		/** A file that had been missing, and is there as it was recorded. */
		void back(String path);

		/** A name that could not be read. */
		void unreadable(String path, IOException met);

	}

	/**
	 * Walks a directory of the volume.
	 * @param root the volume's root
	 * @param subtree the directory, empty for the root itself
	 * @throws IOException where the root cannot be read
	 * @throws InterruptedException where it was told to stop
	 */
	void run(Folder root, String subtree) throws IOException, InterruptedException {
		if (subtree.isEmpty()) {
			directory(root, 0);
		}
		else {
			descend(root, (subtree + "/").getBytes(StandardCharsets.UTF_8), 0);
		}
		while (this.known.current() != null) {
			absent();
		}
	}

	/**
	 * Opens the directories on the way to the subtree.
	 */
	private void descend(Folder folder, byte[] way, int at) throws IOException, InterruptedException {
		if (at == way.length) {
			directory(folder, at);
			return;
		}
		int slash = at;
		while (way[slash] != '/') {
			slash++;
		}
		System.arraycopy(way, at, this.path, at, slash + 1 - at);
		try (Folder next = folder.open(this.path, at, slash - at)) {
			descend(next, way, slash + 1);
		}
		catch (NoSuchFileException | NotDirectoryException ex) {
			// No longer there: what is known below it is absent.
			this.finds.seen(Scanned.VANISHED, text(slash));
		}
		catch (IOException ex) {
			// As one that the walk of the whole volume comes to: what is known below it
			// is looked at by itself before it is called missing.
			this.finds.unreadable(text(slash), ex);
		}
	}

	private void directory(Folder folder, int prefix) throws IOException, InterruptedException {
		Names names = folder.names();
		for (int i = 0; i < names.count(); i++) {
			if (this.stopped.getAsBoolean()) {
				throw new InterruptedException("Told to stop");
			}
			if (prefix + names.length(i) > this.path.length) {
				this.finds.seen(Scanned.REFUSED_NAME, text(prefix) + "…");
			}
			else {
				int end = names.copy(i, this.path, prefix);
				if (names.isDirectory(i)) {
					subdirectory(folder, prefix, end);
				}
				else {
					file(folder, prefix, end);
				}
			}
		}
	}

	private void subdirectory(Folder folder, int prefix, int end) throws InterruptedException {
		String shown = text(end - 1);
		if (shown.equals(MediaId.RESERVED)) {
			return;
		}
		if (!isValid(shown, end - 1)) {
			this.finds.seen(Scanned.REFUSED_NAME, shown);
			return;
		}
		if (!this.rules.mayCover(shown)) {
			this.finds.seen(Scanned.EXCLUDED, shown);
			return;
		}
		try (Folder next = folder.open(this.path, prefix, end - 1 - prefix)) {
			directory(next, end);
		}
		catch (NoSuchFileException | NotDirectoryException ex) {
			this.finds.seen(Scanned.VANISHED, shown);
		}
		catch (IOException ex) {
			this.finds.unreadable(shown, ex);
		}
	}

	private void file(Folder folder, int prefix, int end) {
		Known row = rowOf(end);
		Folder.Seen seen;
		try {
			seen = folder.look(this.path, prefix, end - prefix);
		}
		catch (NoSuchFileException ex) {
			this.finds.seen(Scanned.VANISHED, text(end));
			absent(row);
			return;
		}
		catch (IOException ex) {
			this.finds.unreadable(text(end), ex);
			return;
		}
		if (seen.kind() == FileStat.Kind.FILE) {
			compare(row, seen, end);
			return;
		}
		// A directory by now: the next scan sees what is in it.
		this.finds.seen((seen.kind() == FileStat.Kind.DIRECTORY) ? Scanned.VANISHED : Scanned.NO_FILE, text(end));
		absent(row);
	}

	private void compare(@Nullable Known row, Folder.Seen seen, int end) {
		boolean same = row != null && seen.stamp().equals(row.stamp());
		if (row != null && same && !this.checksum) {
			unchanged(row, end);
			return;
		}
		String shown = text(end);
		if (row == null && !isValid(shown, end)) {
			this.finds.seen(Scanned.REFUSED_NAME, shown);
		}
		else if (!same && !this.rules.covers(shown)) {
			this.finds.seen(Scanned.EXCLUDED, shown);
		}
		else {
			this.finds.differs(shown, seen);
		}
	}

	private void unchanged(Known row, int end) {
		if (row.missing()) {
			this.finds.back(text(end));
		}
		if (row.damaged()) {
			this.finds.seen(Scanned.DAMAGED, text(end));
		}
		else {
			this.finds.unchanged();
		}
	}

	/**
	 * The catalog's row of the path that the walk is at. Rows before it are of files that
	 * it did not come to.
	 */
	private @Nullable Known rowOf(int end) {
		int order = this.known.compareTo(this.path, end);
		while (order < 0) {
			absent();
			order = this.known.compareTo(this.path, end);
		}
		if (order > 0) {
			return null;
		}
		Known row = this.known.current();
		this.known.next();
		return row;
	}

	private void absent() {
		Known row = this.known.current();
		this.known.next();
		absent(row);
	}

	private void absent(@Nullable Known row) {
		if (row != null) {
			String shown = new String(row.path(), StandardCharsets.UTF_8);
			if (this.rules.covers(shown)) {
				this.finds.absent(shown);
			}
		}
	}

	private boolean isValid(String shown, int end) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(this.path, 0, end));
			new MediaId(this.volume, shown);
			return true;
		}
		catch (CharacterCodingException | InvalidMediaPathException ex) {
			return false;
		}
	}

	/**
	 * The path up to there, for people: what is no UTF-8 shows as U+FFFD.
	 */
	private String text(int end) {
		return new String(this.path, 0, end, StandardCharsets.UTF_8);
	}

}
