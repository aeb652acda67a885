package dev.holdfast.app.media;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.model.Digest;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a client requires of the file as it is now before it is changed (RFC 9110, 13).
 *
 * @param match {@code If-Match}
 * @param noneMatch {@code If-None-Match}
 * @param unmodifiedSince {@code If-Unmodified-Since}; where it is no date it says nothing
 */
record Preconditions(EntityTags match, EntityTags noneMatch, @Nullable Instant unmodifiedSince) {

	static Preconditions of(HttpServletRequest request) {
		return new Preconditions(EntityTags.of(request, "If-Match"), EntityTags.of(request, "If-None-Match"),
				date(request.getHeader("If-Unmodified-Since")));
	}

	/**
	 * Compares with the file as it is now.
	 * @param current the file, empty where there is none
	 * @throws ProblemException where a condition does not hold
	 */
	void check(Optional<? extends Current> current) throws IOException {
		requireMatch(current);
		if (isMatchedByNone(current)) {
			throw failed(this.noneMatch.any() ? "If-None-Match: there is a file of that name"
					: "If-None-Match: the file has these bytes already");
		}
	}

	/**
	 * Checks {@code If-Match}, and {@code If-Unmodified-Since} where that is not given.
	 * @throws ProblemException where it does not hold
	 */
	void requireMatch(Optional<? extends Current> current) throws IOException {
		if (this.match.given()) {
			if (current.isEmpty()) {
				throw failed("If-Match: there is no such file");
			}
			if (!this.match.any() && !this.match.matchStrongly(current.get().digest())) {
				throw failed("If-Match: the file has other bytes now").withHeader("ETag",
						EntityTags.tag(current.get().digest()));
			}
		}
		else if (this.unmodifiedSince != null && current.isPresent()
				&& current.get().modified().truncatedTo(ChronoUnit.SECONDS).isAfter(this.unmodifiedSince)) {
			throw failed("If-Unmodified-Since: the file was modified later");
		}
	}

	/**
	 * Whether {@code If-None-Match} is given and names the file as it is.
	 */
	boolean isMatchedByNone(Optional<? extends Current> current) throws IOException {
		return this.noneMatch.given() && current.isPresent()
				&& (this.noneMatch.any() || this.noneMatch.matchWeakly(current.get().digest()));
	}

	static @Nullable Instant date(@Nullable String value) {
		try {
			return (value != null) ? ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()
					: null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static ProblemException failed(String why) {
		return new ProblemException(ProblemType.PRECONDITION_FAILED, why);
	}

	/** A file as it is now. */
	interface Current {

		/**
		 * The digest of its bytes; may have to read them.
		 */
		Digest digest() throws IOException;

		/**
		 * When it was last modified.
		 */
		Instant modified();

	}

}
