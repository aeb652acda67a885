package dev.holdfast.app.api;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How clients prove who they are.
 *
 * @param token the token that clients send as {@code Authorization: Bearer}; at least
 * {@value #SHORTEST} printable ASCII characters without spaces
 * @param tokenFile a file that holds the token, for secrets that are mounted; read where
 * no token is set. With neither, a token is made once and kept in {@code api-token} of
 * the data directory, readable by its owner only.
 */
@ConfigurationProperties("holdfast.api")
record ApiSettings(@Nullable String token, @Nullable Path tokenFile) {

	/** The shortest token that is not guessed in a lifetime. */
	static final int SHORTEST = 16;

	@Override
	public String toString() {
		return "ApiSettings[token=" + ((token != null) ? "set" : "not set") + ", tokenFile=" + this.tokenFile + "]";
	}

}
