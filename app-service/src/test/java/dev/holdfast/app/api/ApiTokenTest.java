package dev.holdfast.app.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.StartupException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Where the token comes from.
 */
class ApiTokenTest {

	private static final String TOKEN = "0123456789abcdef";

	@TempDir
	Path directory = Path.of("");

	private ApiToken token(@Nullable String token, @Nullable Path file) {
		return new ApiToken(new ApiSettings(token, file), new AppSettings(this.directory.resolve("data"), Map.of()));
	}

	@Test
	void isGeneratedOnceAndReadableByItsOwnerOnly() throws IOException {
		ApiToken first = token(null, null);
		Path file = this.directory.resolve("data/api-token");
		assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
		String generated = Files.readString(file).strip();
		assertThat(generated).hasSizeGreaterThan(40);
		assertThat(first.matches(generated)).isTrue();
		assertThat(token(null, null).matches(generated)).isTrue();
		assertThat(first.matches(generated + " ")).isFalse();
		assertThat(first.matches("")).isFalse();
	}

	@Test
	void isTheOneThatIsSet() throws IOException {
		Path file = Files.writeString(this.directory.resolve("secret"), "fedcba9876543210\n");
		assertThat(token(TOKEN, file).matches(TOKEN)).isTrue();
		assertThat(token(null, file).matches("fedcba9876543210")).isTrue();
		assertThat(token(" ", file).matches("fedcba9876543210")).isTrue();
		assertThat(this.directory.resolve("data")).doesNotExist();
	}

	@Test
	void isRefusedWhereItIsWeakWithoutBeingShown() throws IOException {
		for (String weak : new String[] { "short", "0123456789 abcdef0", "0123456789\u00e9bcdef0" }) {
			assertThatExceptionOfType(StartupException.class).isThrownBy(() -> token(weak, null))
				.satisfies((ex) -> assertThat(ex.getMessage() + ex.remedy()).doesNotContain(weak));
		}
		Path empty = Files.writeString(this.directory.resolve("empty"), "");
		assertThatExceptionOfType(StartupException.class).isThrownBy(() -> token(null, empty));
		assertThatExceptionOfType(StartupException.class)
			.isThrownBy(() -> token(null, this.directory.resolve("missing")))
			.withMessageContaining("missing");
		assertThat(new ApiSettings(TOKEN, null).toString()).doesNotContain(TOKEN);
	}

}
