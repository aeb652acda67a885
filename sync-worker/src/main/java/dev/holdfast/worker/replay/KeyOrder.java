package dev.holdfast.worker.replay;

/**
 * The order in which S3 lists keys: that of their UTF-8 bytes, which is that of their
 * code points.
 */
final class KeyOrder {

	private KeyOrder() {
	}

	static int compare(String a, String b) {
		int shorter = Math.min(a.length(), b.length());
		for (int i = 0; i < shorter; i++) {
			char left = a.charAt(i);
			char right = b.charAt(i);
			if (left != right) {
				boolean leftBeyond = Character.isSurrogate(left);
				boolean rightBeyond = Character.isSurrogate(right);
				// Surrogates stand for code points behind all others.
				return (leftBeyond == rightBeyond) ? Character.compare(left, right)
						: Boolean.compare(leftBeyond, rightBeyond);
			}
		}
		return Integer.compare(a.length(), b.length());
	}

}
