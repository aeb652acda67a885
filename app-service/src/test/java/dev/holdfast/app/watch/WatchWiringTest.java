package dev.holdfast.app.watch;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import dev.holdfast.app.RunningApp;
import dev.holdfast.app.scan.UnclosedFiles;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.model.MediaId;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * The scans of app-service ask its watchers.
 */
class WatchWiringTest {

	@Configuration(proxyBeanMethods = false)
	static class NoLeases {

		@Bean
		@Primary
		WriterProbe nobodyTells() {
			return WriterProbe.NONE;
		}

	}

	@Test
	void scansAreToldWhatIsLeftToItsWriter() throws Exception {
		RunningApp app = RunningApp.own(NoLeases.class);
		try (var context = app.context()) {
			await().until(() -> context.getBean(Watchers.class).begun(Watched.MEDIA).isDone());
			UnclosedFiles unclosed = context.getBean(UnclosedFiles.class);
			MediaId id = new MediaId(Watched.MEDIA, "begun");
			Path file = app.volume().resolve("begun");
			try (FileChannel _ = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
				await().until(() -> unclosed.isLeftToItsWriter(id));
			}
			await().until(() -> !unclosed.isLeftToItsWriter(id));
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(5));
	}

}
