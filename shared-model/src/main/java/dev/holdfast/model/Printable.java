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
		StringBuilder shown = new StringBuilder(Math.min(text.length(), LONGEST));
		text.codePoints().limit(LONGEST).forEach((c) -> {
			if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
					|| Character.getType(c) == Character.FORMAT) {
				shown.append(String.format("\\u%04x", c));
			}
			else {
				shown.appendCodePoint(c);
			}
		});
		if (text.codePointCount(0, text.length()) > LONGEST) {
			shown.append('…');
		}
		return shown.toString();
	}

}
