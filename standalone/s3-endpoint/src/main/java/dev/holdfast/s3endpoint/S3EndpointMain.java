package dev.holdfast.s3endpoint;

import java.io.IOException;
import java.util.Map;

import com.adobe.testing.s3mock.S3MockApplication;
import com.adobe.testing.s3mock.s3.store.BucketStore;
import com.adobe.testing.s3mock.s3.store.MultipartStore;
import com.adobe.testing.s3mock.s3.store.ObjectStore;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The child process: S3Mock on one plain HTTP port of 127.0.0.1, keeping its objects in a
 * directory. Started by {@link S3EndpointProcess} as {@code DIR PORT}; prints
 * {@code ready} on standard output, and ends when its standard input does, which is when
 * the parent asks it to and when the parent is no more.
 */
public final class S3EndpointMain {

	private S3EndpointMain() {
	}

	/**
	 * Runs until standard input ends.
	 * @param args the directory and the port
	 * @throws IOException where standard input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		ConfigurableApplicationContext context = start(args[0], Integer.parseInt(args[1]));
		System.out.println("ready");
		awaitEndOfInput();
		context.close();
		System.exit(0);
	}

	private static ConfigurableApplicationContext start(String directory, int port) {
		return new SpringApplicationBuilder(S3MockApplication.class, Adjustments.class).bannerMode(Banner.Mode.OFF)
			.properties(Map.of("server.address", "127.0.0.1", "server.port", port, "http.port", 0,
					"com.adobe.testing.s3mock.store.root", directory,
					"com.adobe.testing.s3mock.store.retain-files-on-exit", true, "logging.level.root", "WARN"))
			.run();
	}

	private static void awaitEndOfInput() throws IOException {
		while (System.in.read() >= 0) {
			// Nothing is ever said on standard input: it is there to end.
		}
	}

	/**
	 * What S3Mock does otherwise than a store should. Among that, it opens a second port,
	 * on all addresses.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Adjustments {

		@Bean
		HonestRequests honestRequests(BucketStore buckets, MultipartStore uploads, DeleteMarkers markers) {
			return new HonestRequests(buckets, uploads, markers);
		}

		@Bean
		HonestListings honestListings(DeleteMarkers markers) {
			return new HonestListings(markers);
		}

		@Bean
		DeleteMarkers deleteMarkers(BucketStore buckets, ObjectStore objects) {
			return new DeleteMarkers(buckets, objects);
		}

		@Bean
		static BeanPostProcessor withoutAdditionalConnectors() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					if (bean instanceof TomcatServletWebServerFactory factory) {
						factory.getAdditionalConnectors().clear();
					}
					return bean;
				}

			};
		}

		@Bean
		static BeanPostProcessor withWholeFiles() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return (bean instanceof JsonMapper mapper) ? new WholeFiles(mapper) : bean;
				}

			};
		}

	}

}
