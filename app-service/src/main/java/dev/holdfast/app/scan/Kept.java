package dev.holdfast.app.scan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.holdfast.app.catalog.ScanRecords;
import dev.holdfast.app.catalog.ScanRecords.Purpose;
import dev.holdfast.app.catalog.ScanRecords.Work;

/**
 * Names that a scan has found and deals with later, those of the lowest rank first. A few
 * thousand are held in memory; when there are more, all go into a table of the catalog,
 * so that memory does not grow with them.
 */
final class Kept {

	private static final int IN_MEMORY = 10_000;

	private static final int AT_ONCE = 1_000;

	private static final Comparator<Work> ORDER = Comparator.comparingLong(Work::rank).thenComparing(Work::path);

	private final ScanRecords records;

	private final long scan;

	private final Purpose purpose;

	private final int inMemory;

	private List<Work> held = new ArrayList<>();

	private boolean inTable;

	private boolean sorted;

	private long names;

	private long bytes;

	Kept(ScanRecords records, long scan, Purpose purpose) {
		this(records, scan, purpose, IN_MEMORY);
	}

	Kept(ScanRecords records, long scan, Purpose purpose, int inMemory) {
		this.records = records;
		this.scan = scan;
		this.purpose = purpose;
		this.inMemory = inMemory;
	}

	void add(Work work) {
		this.held.add(work);
		this.names++;
		this.bytes += work.size();
		if (this.inTable ? this.held.size() >= AT_ONCE : this.held.size() > this.inMemory) {
			this.inTable = true;
			flush();
		}
	}

	private void flush() {
		for (int from = 0; from < this.held.size(); from += AT_ONCE) {
			this.records.keep(this.scan, this.purpose,
					this.held.subList(from, Math.min(from + AT_ONCE, this.held.size())));
		}
		this.held = new ArrayList<>();
	}

	/**
	 * How many were added.
	 */
	long names() {
		return this.names;
	}

	/**
	 * How many bytes they have together.
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Takes the first ones out. To be called only after the last was added.
	 * @return empty where there are no more
	 */
	List<Work> take(int limit) {
		if (this.inTable) {
			flush();
			List<Work> first = this.records.first(this.scan, this.purpose, limit);
			if (!first.isEmpty()) {
				this.records.forget(this.scan, this.purpose, first.getLast());
			}
			return first;
		}
		if (!this.sorted) {
			this.held.sort(ORDER.reversed());
			this.sorted = true;
		}
		List<Work> last = this.held.subList(Math.max(0, this.held.size() - limit), this.held.size());
		List<Work> first = new ArrayList<>(last.reversed());
		last.clear();
		return first;
	}

}
