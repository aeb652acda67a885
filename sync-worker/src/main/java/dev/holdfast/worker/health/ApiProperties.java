package dev.holdfast.worker.health;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The worker's own API.
 *
 * @param token what a client has to present as a bearer token; without one the API
 * answers nobody
 */
@ConfigurationProperties("holdfast.api")
public record ApiProperties(@Nullable String token) {

	/**
	 * Takes an empty token for none.
	 */
	public ApiProperties {
		token = (token == null || token.isBlank()) ? null : token.strip();
	}

	/** Without the token. */
	@Override
	public String toString() {
		return "ApiProperties[]";
	}

}
