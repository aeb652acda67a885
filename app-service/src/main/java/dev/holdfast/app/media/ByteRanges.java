package dev.holdfast.app.media;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRange;

/**
 * The parts of a file that a client asks for (RFC 9110, 14).
 *
 * @param parts the parts in the order asked for; empty where all of the file is wanted
 */
record ByteRanges(List<Part> parts) {

	private static final ByteRanges ALL = new ByteRanges(List.of());

	/**
	 * What the request asks for. A field that cannot be understood, or that asks for more
	 * bytes than the file has, is ignored, as the RFC allows.
	 * @throws ProblemException where no byte of it exists
	 */
	static ByteRanges of(HttpServletRequest request, OpenMedia media) {
		String range = request.getHeader("Range");
		if (range == null || !range.startsWith("bytes=") || !isCurrent(request.getHeader("If-Range"), media)) {
			return ALL;
		}
		List<HttpRange> asked;
		try {
			asked = HttpRange.parseRanges(range);
		}
		catch (IllegalArgumentException ex) {
			return ALL;
		}
		long total = 0;
		List<Part> parts = new ArrayList<>();
		for (HttpRange one : asked) {
			long first = one.getRangeStart(media.size());
			long last = one.getRangeEnd(media.size());
			if (first <= last && first < media.size()) {
				parts.add(new Part(first, last));
				total += last - first + 1;
			}
		}
		if (parts.isEmpty()) {
			throw new ProblemException(ProblemType.RANGE_NOT_SATISFIABLE, "The file has " + media.size() + " bytes")
				.withHeader("Content-Range", "bytes */" + media.size())
				.withHeader("Accept-Ranges", "bytes");
		}
		return (total > media.size()) ? ALL : new ByteRanges(List.copyOf(parts));
	}

	private static boolean isCurrent(@Nullable String ifRange, OpenMedia media) {
		if (ifRange == null || ifRange.strip().equals(EntityTags.tag(media.digest()))) {
			return true;
		}
		Instant date = Preconditions.date(ifRange);
		return date != null && date.equals(media.modified().truncatedTo(ChronoUnit.SECONDS));
	}

	/**
	 * Some bytes in a row.
	 *
	 * @param first the first
	 * @param last the last
	 */
	record Part(long first, long last) {

		long length() {
			return this.last - this.first + 1;
		}

		String contentRange(long size) {
			return "bytes " + this.first + "-" + this.last + "/" + size;
		}

	}

}
