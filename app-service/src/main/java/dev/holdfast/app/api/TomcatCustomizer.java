package dev.holdfast.app.api;

import java.util.concurrent.Executor;

import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;

import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Makes Tomcat leave to us what it would decide by itself: which names a file may have,
 * when a client is told to go on sending, what an error looks like, and how many requests
 * are worked on at a time, for which Tomcat has no limit where threads are virtual.
 */
@Component
class TomcatCustomizer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

	private final int atATime;

	TomcatCustomizer(TomcatServerProperties tomcat) {
		this.atATime = tomcat.getThreads().getMax();
	}

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		factory.addConnectorCustomizers((connector) -> {
			// A backslash is a letter of file names like any other; an encoded slash is
			// refused by us, with a reason.
			connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
			connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
			ProtocolHandler protocol = connector.getProtocolHandler();
			if (protocol instanceof AbstractHttp11Protocol<?> http) {
				// An upload that is refused for its headers is refused before it is sent.
				http.setContinueResponseTiming("onRead");
				Executor threads = http.getExecutor();
				if (threads != null) {
					// Tomcat's own, made later where threads are not virtual, has the
					// limit.
					http.setExecutor(new RequestLimit(threads, this.atATime));
				}
			}
		});
		factory.addContextCustomizers((context) -> {
			if (context.getParent() instanceof StandardHost host) {
				host.setErrorReportValveClass(ProblemReportValve.class.getName());
			}
		});
	}

}
