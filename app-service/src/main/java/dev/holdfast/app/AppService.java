package dev.holdfast.app;

import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * The program that owns the volumes. It starts and takes uploads whether or not Kafka and
 * the stores can be reached.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class AppService {

	/**
	 * The application, ready to be run, alone or inside another process. Its settings are
	 * in {@code app-service.yml}, on the class path and beside the program.
	 */
	public static SpringApplicationBuilder application() {
		return new SpringApplicationBuilder(AppService.class).bannerMode(Banner.Mode.OFF)
			.properties("spring.config.name=app-service");
	}

	/**
	 * Runs app-service until it is told to stop.
	 */
	public static void main(String[] arguments) {
		application().run(arguments);
	}

}
