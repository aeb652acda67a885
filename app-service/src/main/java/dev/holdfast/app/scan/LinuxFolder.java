package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.linux.LinuxDirectory;
import dev.holdfast.app.volume.FileStat;

/**
 * A directory through Linux's own calls.
 */
final class LinuxFolder implements Folder {

	private static final int TYPE = 0170000;

	private static final int DIRECTORY = 0040000;

	private final LinuxDirectory directory;

	private LinuxFolder(LinuxDirectory directory) {
		this.directory = directory;
	}

	static boolean isPossible() {
		return LinuxDirectory.isPossible();
	}

	static LinuxFolder open(Path root) throws IOException {
		return new LinuxFolder(LinuxDirectory.open(root.toString()));
	}

	@Override
	public Names names() throws IOException {
		Names names = new Names();
		boolean[] unknown = new boolean[1];
		this.directory.list((type, name, length) -> {
			if (type == LinuxDirectory.Names.UNKNOWN) {
				unknown[0] = true;
			}
			names.add(name, length, type == LinuxDirectory.Names.DIRECTORY);
		});
		if (unknown[0]) {
			return lookedAt(names);
		}
		names.sort();
		return names;
	}

	/**
	 * Some file systems do not say in a listing what is a directory.
	 */
	private Names lookedAt(Names unsorted) throws IOException {
		unsorted.sort();
		Names names = new Names();
		byte[] name = new byte[Walk.LONGEST_PATH];
		for (int i = 0; i < unsorted.count(); i++) {
			int length = unsorted.copy(i, name, 0) - (unsorted.isDirectory(i) ? 1 : 0);
			boolean directory = unsorted.isDirectory(i);
			try {
				directory = (this.directory.stat(name, 0, length).mode() & TYPE) == DIRECTORY;
			}
			catch (NoSuchFileException ex) {
				// Gone since: the walk finds that out, too.
				directory = false;
			}
			names.add(name, length, directory);
		}
		names.sort();
		return names;
	}

	@Override
	public Seen look(byte[] name, int offset, int length) throws IOException {
		LinuxDirectory.Stat stat = this.directory.stat(name, offset, length);
		return new Seen(FileStat.Kind.of(stat.mode()),
				new FileStamp(stat.size(), stat.modifiedNanos(), stat.changedNanos(), stat.inode()));
	}

	@Override
	public Folder open(byte[] name, int offset, int length) throws IOException {
		return new LinuxFolder(this.directory.open(name, offset, length));
	}

	@Override
	public void close() {
		this.directory.close();
	}

}
