package dev.holdfast.app.scan;

import java.util.Arrays;

/**
 * The names in one directory, sorted so that a walk in this order comes to paths in the
 * order of their bytes, which is the catalog's: a directory sorts as its name and a
 * slash. Packed into one array, as a directory may have a million of them.
 */
final class Names {

	private byte[] bytes = new byte[1024];

	/** Where each name begins; the next one's beginning is its end. */
	private int[] starts = new int[32];

	private int[] order = {};

	private int count;

	/**
	 * Adds a name.
	 * @param name holds it from its beginning
	 */
	void add(byte[] name, int length, boolean directory) {
		int start = this.starts[this.count];
		int end = start + length + (directory ? 1 : 0);
		if (end > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(end, this.bytes.length + this.bytes.length / 2));
		}
		System.arraycopy(name, 0, this.bytes, start, length);
		if (directory) {
			this.bytes[end - 1] = '/';
		}
		this.count++;
		if (this.count == this.starts.length) {
			this.starts = Arrays.copyOf(this.starts, this.count + this.count / 2);
		}
		this.starts[this.count] = end;
	}

	/**
	 * To be called once, after the last name was added.
	 */
	void sort() {
		int[] from = new int[this.count];
		for (int i = 0; i < this.count; i++) {
			from[i] = i;
		}
		int[] to = new int[this.count];
		for (int width = 1; width < this.count; width *= 2) {
			for (int left = 0; left < this.count; left += 2 * width) {
				merge(from, to, left, Math.min(left + width, this.count), Math.min(left + 2 * width, this.count));
			}
			int[] merged = to;
			to = from;
			from = merged;
		}
		this.order = from;
	}

	private void merge(int[] from, int[] to, int left, int middle, int right) {
		if (middle == right || compare(from[middle - 1], from[middle]) <= 0) {
			System.arraycopy(from, left, to, left, right - left);
			return;
		}
		int one = left;
		int other = middle;
		for (int i = left; i < right; i++) {
			boolean first = other == right || (one < middle && compare(from[one], from[other]) <= 0);
			to[i] = first ? from[one++] : from[other++];
		}
	}

	private int compare(int one, int other) {
		return Arrays.compareUnsigned(this.bytes, this.starts[one], this.starts[one + 1], this.bytes,
				this.starts[other], this.starts[other + 1]);
	}

	int count() {
		return this.count;
	}

	/**
	 * Whether the name at this place of the order was said to be a directory's.
	 */
	boolean isDirectory(int place) {
		return this.bytes[this.starts[this.order[place] + 1] - 1] == '/';
	}

	/**
	 * Copies the name, with the slash of a directory.
	 * @return where it ends in the target
	 */
	int copy(int place, byte[] target, int at) {
		int start = this.starts[this.order[place]];
		int length = this.starts[this.order[place] + 1] - start;
		System.arraycopy(this.bytes, start, target, at, length);
		return at + length;
	}

	/**
	 * How long the name is, with the slash of a directory.
	 */
	int length(int place) {
		return this.starts[this.order[place] + 1] - this.starts[this.order[place]];
	}

}
