package dev.holdfast.worker.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class StableMembershipTest {

	@TempDir
	Path directory;

	private static @Nullable Object instanceOf(@Nullable Path directory, String binding) {
		Map<String, Object> properties = new HashMap<>();
		new StableMembership(directory).configure(properties, binding, "media.events");
		return properties.get("group.instance.id");
	}

	@Test
	void isKnownAgainAfterARestart_andEachBindingByItself() {
		Path data = this.directory.resolve("data");
		Object first = instanceOf(data, "replicate-in-0");
		assertThat(first).isNotNull().isEqualTo(instanceOf(data, "replicate-in-0"));
		assertThat(instanceOf(data, "retry-in-0")).isNotNull().isNotEqualTo(first);
		assertThat(instanceOf(this.directory.resolve("other"), "replicate-in-0")).isNotEqualTo(first);
	}

	@Test
	void doesWithoutWhereItCannotBeKept() throws Exception {
		assertThat(instanceOf(null, "replicate-in-0")).isNull();
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThat(instanceOf(file.resolve("below"), "replicate-in-0")).isNull();
		Files.writeString(this.directory.resolve("instance-id"), "not an id !");
		assertThat(instanceOf(this.directory, "replicate-in-0")).isNull();
	}

}
