package dev.holdfast.app.api;

import java.io.IOException;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Answers with a problem where an error was met outside Spring's handlers.
 */
@Controller
class ProblemErrorController implements ErrorController {

	@RequestMapping("${server.error.path:/error}")
	void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
		Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
		Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
		ProblemType type = (status instanceof Integer code) ? ProblemType.ofStatus(code) : ProblemType.NOT_FOUND;
		Problem fallback = new Problem(type,
				(path != null) ? "The server could not take this request" : "There is nothing here");
		Problem.of(request, fallback).write(request, response);
	}

}
