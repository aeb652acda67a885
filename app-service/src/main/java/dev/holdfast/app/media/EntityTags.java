package dev.holdfast.app.media;

import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.model.Digest;
import jakarta.servlet.http.HttpServletRequest;

/**
 * The entity tags of an {@code If-Match} or {@code If-None-Match} field (RFC 9110, 13.1).
 *
 * @param given whether the field was sent at all
 * @param any whether it is {@code *}
 * @param tags the tags, with their quotes and, where weak, their prefix
 */
record EntityTags(boolean given, boolean any, List<String> tags) {

	private static final Pattern TAG = Pattern.compile("\\s*((?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")\\s*(,|$)");

	static EntityTags of(HttpServletRequest request, String field) {
		List<String> values = new ArrayList<>();
		Enumeration<String> headers = request.getHeaders(field);
		while (headers.hasMoreElements()) {
			values.add(headers.nextElement());
		}
		String value = String.join(",", values).strip();
		if (values.isEmpty() || value.equals("*")) {
			return new EntityTags(!values.isEmpty(), !values.isEmpty(), List.of());
		}
		List<String> tags = new ArrayList<>();
		Matcher tag = TAG.matcher(value);
		int end = 0;
		while (end < value.length()) {
			if (!tag.find(end) || tag.start() != end) {
				throw new ProblemException(ProblemType.INVALID_REQUEST,
						field + " is neither * nor a list of entity tags in double quotes");
			}
			tags.add(tag.group(1));
			end = tag.end();
		}
		return new EntityTags(true, false, List.copyOf(tags));
	}

	/**
	 * The entity tag of a file with these bytes: strong, so that equal tags mean equal
	 * bytes.
	 */
	static String tag(Digest digest) {
		return "\"" + digest.hex() + "\"";
	}

	/**
	 * Whether these bytes are meant, weak tags never being good enough.
	 */
	boolean matchStrongly(Digest digest) {
		return this.any || this.tags.contains(tag(digest));
	}

	/**
	 * Whether these bytes are meant, weak tags being as good as strong ones.
	 */
	boolean matchWeakly(Digest digest) {
		return matchStrongly(digest) || this.tags.contains("W/" + tag(digest));
	}

}
