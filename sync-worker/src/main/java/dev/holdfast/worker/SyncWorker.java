package dev.holdfast.worker;

import java.util.Arrays;

import dev.holdfast.worker.cli.WorkerCommand;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.ComponentScan;

/**
 * Replicates media files from volumes to a store, as the events on the topic say.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ConfigurationPropertiesScan
@ComponentScan
public class SyncWorker {

	/**
	 * The application, to be run in a process of its own or beside others. Its settings
	 * are those of {@code sync-worker.yml} and what overrides them.
	 */
	public static SpringApplicationBuilder application() {
		return new SpringApplicationBuilder(SyncWorker.class).bannerMode(Banner.Mode.OFF)
			.properties("spring.config.name=sync-worker");
	}

	/**
	 * Runs the worker or, where the first argument is one of its commands, that.
	 */
	public static void main(String[] arguments) {
		if (arguments.length > 0 && WorkerCommand.isCommand(arguments[0])) {
			System.exit(WorkerCommand.run(arguments));
		}
		application().run(Arrays.copyOf(arguments, arguments.length));
	}

}
