package dev.holdfast.app.media;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.model.Digest;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The digests that a client sent along (RFC 9530: {@code Content-Digest} and
 * {@code Repr-Digest}, which are the same where a body is the whole file as it is).
 * {@code sha-256} and {@code sha-512} are checked, others are ignored as the RFC tells.
 *
 * @param expected what the client says, in order
 * @param sha512 computes the second algorithm where it is asked for
 */
record DigestFields(List<Expected> expected, Optional<MessageDigest> sha512) {

	private static final Pattern MEMBER = Pattern
		.compile("\\s*([a-z*][a-z0-9_.*-]*)\\s*=\\s*(:[A-Za-z0-9+/=]*:|[^,;]*)\\s*(;[^,]*)?");

	private static final String SHA_256 = "sha-256";

	private static final String SHA_512 = "sha-512";

	static DigestFields of(HttpServletRequest request) {
		List<Expected> expected = new ArrayList<>();
		for (String field : List.of("Content-Digest", "Repr-Digest")) {
			for (String line : Collections.list(request.getHeaders(field))) {
				for (String member : line.split(",", -1)) {
					parse(field, member).ifPresent(expected::add);
				}
			}
		}
		boolean further = expected.stream().anyMatch((one) -> one.algorithm().equals(SHA_512));
		return new DigestFields(List.copyOf(expected), further ? Optional.of(newSha512()) : Optional.empty());
	}

	/**
	 * The field value that says this digest.
	 */
	static String value(Digest digest) {
		return SHA_256 + "=:" + digest.base64() + ":";
	}

	/**
	 * The computation of the second algorithm, {@code null} where it is not needed.
	 */
	@Nullable MessageDigest further() {
		return this.sha512.orElse(null);
	}

	/**
	 * Compares with what arrived. To be called once, when all of it has.
	 * @throws ProblemException where it differs
	 */
	void verify(Digest arrived) {
		byte[] arrived512 = this.sha512.map(MessageDigest::digest).orElse(new byte[0]);
		for (Expected one : this.expected) {
			byte[] actual = one.algorithm().equals(SHA_256) ? arrived.bytes() : arrived512;
			if (!MessageDigest.isEqual(one.digest(), actual)) {
				throw new ProblemException(ProblemType.DIGEST_MISMATCH,
						"The bytes that arrived are not those of " + one.field()
								+ ": nothing was stored, send it again")
					.withMember("expected", one.algorithm() + "=:" + encode(one.digest()) + ":")
					.withMember("received", one.algorithm() + "=:" + encode(actual) + ":");
			}
		}
	}

	private static Optional<Expected> parse(String field, String text) {
		Matcher member = MEMBER.matcher(text);
		if (!member.matches()) {
			throw malformed(field);
		}
		String algorithm = member.group(1).toLowerCase(Locale.ROOT);
		int length = switch (algorithm) {
			case SHA_256 -> 32;
			case SHA_512 -> 64;
			default -> 0;
		};
		if (length == 0) {
			return Optional.empty();
		}
		String value = member.group(2);
		if (!value.startsWith(":") || value.length() < 2) {
			throw malformed(field);
		}
		try {
			byte[] digest = Base64.getDecoder().decode(value.substring(1, value.length() - 1));
			if (digest.length != length) {
				throw malformed(field);
			}
			return Optional.of(new Expected(field, algorithm, digest));
		}
		catch (IllegalArgumentException ex) {
			throw malformed(field);
		}
	}

	private static ProblemException malformed(String field) {
		return new ProblemException(ProblemType.INVALID_REQUEST,
				field + " is not as in RFC 9530, for example: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
	}

	private static String encode(byte[] digest) {
		return Base64.getEncoder().encodeToString(digest);
	}

	private static MessageDigest newSha512() {
		try {
			return MessageDigest.getInstance("SHA-512");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java platform has no SHA-512", ex);
		}
	}

	/**
	 * A digest that a client sent.
	 *
	 * @param field the header field it came in
	 * @param algorithm its algorithm
	 * @param digest its bytes
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
	record Expected(String field, String algorithm, byte[] digest) {

	}

}
