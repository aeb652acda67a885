package dev.holdfast.app.scan;

import java.util.Arrays;
import java.util.List;

import dev.holdfast.app.catalog.ScanRecords;
import dev.holdfast.app.catalog.ScanRecords.Known;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * The known files of a volume one after the other, in the order of the bytes of their
 * paths. Read in pages, so that no reading of the catalog goes on for long.
 */
final class KnownFiles {

	private static final int PAGE = 5_000;

	private final ScanRecords records;

	private final VolumeName volume;

	private final String subtree;

	private List<Known> page = List.of();

	private int at;

	private boolean last;

	private @Nullable Known current;

	KnownFiles(ScanRecords records, VolumeName volume, String subtree) {
		this.records = records;
		this.volume = volume;
		this.subtree = subtree;
		next();
	}

	/**
	 * The present one, {@code null} after the last.
	 */
	@Nullable Known current() {
		return this.current;
	}

	/**
	 * How the present one's path compares with this one; greater where there is none.
	 * @param length of the path, from the array's beginning
	 */
	int compareTo(byte[] path, int length) {
		Known known = this.current;
		return (known == null) ? 1 : Arrays.compareUnsigned(known.path(), 0, known.path().length, path, 0, length);
	}

	void next() {
		if (this.at == this.page.size() && !this.last) {
			Known before = this.current;
			this.page = this.records.known(this.volume, this.subtree, (before == null) ? null : before.path(), PAGE);
			this.last = this.page.size() < PAGE;
			this.at = 0;
		}
		this.current = (this.at < this.page.size()) ? this.page.get(this.at++) : null;
	}

}
