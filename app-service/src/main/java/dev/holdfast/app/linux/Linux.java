package dev.holdfast.app.linux;

import java.util.Locale;

/**
 * Whether this is a Linux that this package knows.
 */
public final class Linux {

	private static final String OS = System.getProperty("os.name", "");

	private static final String ARCH = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);

	private Linux() {
	}

	/**
	 * Whether the calls of this package can be made.
	 */
	public static boolean isPresent() {
		return OS.equals("Linux") && (isArm() || isIntel());
	}

	static boolean isArm() {
		return ARCH.equals("aarch64") || ARCH.equals("arm64");
	}

	private static boolean isIntel() {
		return ARCH.equals("amd64") || ARCH.equals("x86_64");
	}

}
