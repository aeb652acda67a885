package dev.holdfast.app.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

/**
 * What the API answers where a request cannot be carried out (RFC 9457). Holds nothing of
 * the request but its path: no query, no header field, and so no secret.
 *
 * @param type what it is
 * @param detail what is wrong with this request and what to do
 * @param headers header fields of the answer
 * @param members further members of the body
 */
record Problem(ProblemType type, String detail, Map<String, String> headers, Map<String, Object> members) {

	static final String CONTENT_TYPE = "application/problem+json";

	/**
	 * The request attribute that holds the problem of a request. Where reading a body
	 * fails, Tomcat takes the answer over and asks for its own error page: what is
	 * answered then is still this.
	 */
	static final String ATTRIBUTE = Problem.class.getName();

	private static final JsonMapper JSON = JsonMapper.builder().build();

	Problem(ProblemType type, String detail) {
		this(type, detail, Map.of(), Map.of());
	}

	/**
	 * The problem that was found for a request.
	 * @param fallback what it is where none was found
	 */
	static Problem of(HttpServletRequest request, Problem fallback) {
		return (request.getAttribute(ATTRIBUTE) instanceof Problem found) ? found : fallback;
	}

	/**
	 * Answers with this problem, unless a part of another answer is already on its way.
	 * @throws IOException where the client is gone
	 */
	void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (response.isCommitted()) {
			return;
		}
		response.reset();
		response.setStatus(this.type.status());
		this.headers.forEach(response::setHeader);
		response.setContentType(CONTENT_TYPE);
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Cache-Control", "no-store");
		Object forwarded = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
		byte[] body = body((forwarded != null) ? forwarded.toString() : request.getRequestURI())
			.getBytes(StandardCharsets.UTF_8);
		response.setContentLength(body.length);
		if (!"HEAD".equals(request.getMethod())) {
			response.getOutputStream().write(body);
		}
	}

	private String body(@Nullable String instance) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("type", this.type.uri());
		body.put("title", this.type.title());
		body.put("status", this.type.status());
		body.put("detail", this.detail);
		if (instance != null) {
			body.put("instance", instance);
		}
		body.putAll(this.members);
		return JSON.writeValueAsString(body);
	}

}
