package dev.holdfast.model;

/**
 * Text from outside made fit for a message or a log line: control characters and unpaired
 * surrogates shown as escapes, and no more than a line of it.
 */
final class Printable {

	private static final int LONGEST = 200;

	private Printable() {
	}

	static String of(String text) {
		return of(text, LONGEST);
	}

	/**
	 * The same with no more than the given number of characters, escapes counted, so that
	 * what has been cut once is not cut again.
	 */
	static String of(String text, int longest) {
		StringBuilder shown = new StringBuilder(Math.min(text.length(), longest));
		for (int i = 0; i < text.length();) {
			int c = text.codePointAt(i);
			String piece = isPlain(c) ? Character.toString(c) : String.format("\\u%04x", c);
			if (shown.length() + piece.length() > longest) {
				return shown.append('…').toString();
			}
			shown.append(piece);
			i += Character.charCount(c);
		}
		return shown.toString();
	}

	/** Whether nothing of a text needs an escape. */
	static boolean isPlain(String text) {
		return text.codePoints().allMatch(Printable::isPlain);
	}

	private static boolean isPlain(int c) {
		return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE
				&& Character.getType(c) != Character.FORMAT;
	}

}
