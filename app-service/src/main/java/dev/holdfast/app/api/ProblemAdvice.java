package dev.holdfast.app.api;

import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers every exception of a request with a problem. Only what is our own fault is
 * logged as an error.
 */
@RestControllerAdvice
class ProblemAdvice {

	private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

	/**
	 * The client went away while it sent or received. There is no one left to answer, as
	 * a rule; one that only stopped sending gets to know.
	 */
	@ExceptionHandler
	void gone(ClientGoneException met, HttpServletRequest request) {
		LOG.atDebug()
			.addKeyValue("method", request.getMethod())
			.addKeyValue("path", request.getRequestURI())
			.log("Client gone: {}", met.getMessage());
		request.setAttribute(Problem.ATTRIBUTE, new Problem(ProblemType.INVALID_REQUEST,
				"The body did not arrive as announced: nothing was stored", Map.of("Connection", "close"), Map.of()));
	}

	@ExceptionHandler
	void problem(Throwable met, HttpServletRequest request, HttpServletResponse response) throws Throwable {
		Problem problem = Problems.of(met);
		if (problem.type() == ProblemType.INTERNAL_ERROR) {
			LOG.atError()
				.setCause(met)
				.addKeyValue("method", request.getMethod())
				.addKeyValue("path", request.getRequestURI())
				.log("Request failed");
		}
		else if (problem.type() == ProblemType.INSUFFICIENT_STORAGE) {
			LOG.atWarn()
				.addKeyValue("method", request.getMethod())
				.addKeyValue("path", request.getRequestURI())
				.log("No space left");
		}
		request.setAttribute(Problem.ATTRIBUTE, problem);
		if (met instanceof ProblemException && response.isCommitted()) {
			// Tomcat found the request malformed and has taken the answer over.
			return;
		}
		if (response.isCommitted()) {
			// Too late to say anything: the server breaks the connection, and the client
			// sees that the answer is not complete.
			throw met;
		}
		problem.write(request, response);
	}

}
