package dev.holdfast.app.media;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The preference {@code wait} of RFC 7240: how long a client likes to wait for its upload
 * to be replicated.
 */
final class Prefer {

	private static final Pattern WAIT = Pattern
		.compile("(?i)(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?=$|[,;])");

	private Prefer() {
	}

	/**
	 * How long to wait.
	 * @param longest what is granted at most
	 * @return empty where the client does not ask for it
	 */
	static Optional<Duration> waitOf(HttpServletRequest request, Duration longest) {
		for (String line : Collections.list(request.getHeaders("Prefer"))) {
			Matcher wait = WAIT.matcher(line);
			if (wait.find()) {
				Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
				return Optional.of((asked.compareTo(longest) > 0) ? longest : asked);
			}
		}
		return Optional.empty();
	}

}
