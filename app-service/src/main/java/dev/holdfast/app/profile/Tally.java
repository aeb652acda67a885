package dev.holdfast.app.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts files, and keeps the first few as examples.
 */
public final class Tally {

	private static final int EXAMPLES = 3;

	private final List<String> examples = new ArrayList<>();

	private long files;

	private long bytes;

	void add(String path, long size) {
		this.files++;
		this.bytes += size;
		if (this.examples.size() < EXAMPLES) {
			this.examples.add(path);
		}
	}

	/**
	 * How many.
	 */
	public long getFiles() {
		return this.files;
	}

	/**
	 * How large they are together.
	 */
	public long getBytes() {
		return this.bytes;
	}

	/**
	 * Some of them.
	 */
	public List<String> getExamples() {
		return List.copyOf(this.examples);
	}

}
