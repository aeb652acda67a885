package dev.holdfast.standalone;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/**
 * What only the owner of this instance knows, made up at its first start.
 *
 * @param apiToken lets in at the API
 * @param s3AccessKey names the user of the local S3 endpoint
 * @param s3SecretKey proves it
 */
record Secrets(String apiToken, String s3AccessKey, String s3SecretKey) {

	private static final String API_TOKEN = "api-token";

	private static final String S3_ACCESS_KEY = "s3-access-key";

	private static final String S3_SECRET_KEY = "s3-secret-key";

	private static final int TOKEN_BYTES = 24;

	private static final int ACCESS_KEY_BYTES = 9;

	/**
	 * Reads them from the file, or makes them up and keeps them there. A token in the
	 * environment ({@code HOLDFAST_API_TOKEN}) goes before the one in the file.
	 */
	static Secrets loadOrCreate(Path file, Environment environment) {
		try {
			Properties kept = new Properties();
			if (Files.exists(file)) {
				try (Reader reader = Files.newBufferedReader(file)) {
					kept.load(reader);
				}
			}
			boolean complete = kept.stringPropertyNames().size() >= 3;
			kept.putIfAbsent(API_TOKEN, random(TOKEN_BYTES));
			kept.putIfAbsent(S3_ACCESS_KEY, "HF" + random(ACCESS_KEY_BYTES).toUpperCase(java.util.Locale.ROOT));
			kept.putIfAbsent(S3_SECRET_KEY, random(TOKEN_BYTES));
			if (!complete) {
				OwnerOnly.write(file, PropertiesText.of(kept));
			}
			return new Secrets(environment.get("HOLDFAST_API_TOKEN").orElse(kept.getProperty(API_TOKEN)),
					kept.getProperty(S3_ACCESS_KEY), kept.getProperty(S3_SECRET_KEY));
		}
		catch (IOException ex) {
			throw new HoldfastException(ExitCode.NOT_WRITABLE,
					"Secrets in %s cannot be read or written (%s): make the file readable for you".formatted(file, ex),
					ex);
		}
	}

	private static String random(int bytes) {
		byte[] random = new byte[bytes];
		new SecureRandom().nextBytes(random);
		return HexFormat.of().formatHex(random);
	}

	/** Without the secrets. */
	@Override
	public String toString() {
		return "Secrets[…]";
	}

}
