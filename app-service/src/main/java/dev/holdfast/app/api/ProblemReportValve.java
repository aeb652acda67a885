package dev.holdfast.app.api;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Answers with a problem where Tomcat itself refuses a request, before any of our code
 * sees it.
 */
public final class ProblemReportValve extends ErrorReportValve {

	@Override
	protected void report(Request request, Response response, @Nullable Throwable met) {
		if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		try {
			Problem fallback = new Problem(ProblemType.ofStatus(response.getStatus()),
					"The server refused this request before looking at it: is its address well formed?");
			Problem.of(request.getRequest(), fallback).write(request.getRequest(), response.getResponse());
			response.finishResponse();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
