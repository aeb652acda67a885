package dev.holdfast.it.harness;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Contents for files.
 */
public final class Bytes {

	private Bytes() {
	}

	/**
	 * So many bytes that look like nothing else; the same ones for the same seed.
	 */
	public static byte[] random(long seed, int size) {
		byte[] bytes = new byte[size];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	/**
	 * A text as UTF-8.
	 */
	public static byte[] of(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
