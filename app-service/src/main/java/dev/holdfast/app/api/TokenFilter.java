package dev.holdfast.app.api;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets nothing through without the token but health and the API's description.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class TokenFilter extends OncePerRequestFilter {

	/**
	 * Compared with the path as it was sent, so that nothing which decodes or resolves to
	 * something else gets in.
	 */
	private static final Pattern OPEN = Pattern.compile("/api/v1/openapi\\.yaml|/actuator/health/(liveness|readiness)");

	private static final String SCHEME = "Bearer ";

	private final ApiToken token;

	TokenFilter(ApiToken token) {
		this.token = token;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (OPEN.matcher(request.getRequestURI()).matches()) {
			chain.doFilter(request, response);
			return;
		}
		String candidate = bearer(request.getHeader("Authorization"));
		if (candidate == null) {
			refuse(request, response, "Send the token: 'Authorization: Bearer TOKEN'", "Bearer realm=\"holdfast\"");
		}
		else if (!this.token.matches(candidate)) {
			refuse(request, response, "This is not the token of this app-service",
					"Bearer realm=\"holdfast\", error=\"invalid_token\"");
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private static @Nullable String bearer(@Nullable String authorization) {
		return (authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
				? authorization.substring(SCHEME.length()).strip() : null;
	}

	private static void refuse(HttpServletRequest request, HttpServletResponse response, String detail,
			String challenge) throws IOException {
		new Problem(ProblemType.UNAUTHORIZED, detail, Map.of("WWW-Authenticate", challenge), Map.of()).write(request,
				response);
	}

}
