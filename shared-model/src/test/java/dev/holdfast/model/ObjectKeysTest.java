package dev.holdfast.model;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ObjectKeysTest {

	private static final MediaId LOGO = MediaId.of("media", "icon/logo.png");

	@Test
	void keyIsPrefixVolumeAndPath() {
		assertThat(new ObjectKeys("").keyOf(LOGO)).isEqualTo("media/icon/logo.png");
		assertThat(new ObjectKeys("a/b/").keyOf(LOGO)).isEqualTo("a/b/media/icon/logo.png");
		assertThat(new ObjectKeys("a/b/").idOf("a/b/media/icon/logo.png")).isEqualTo(LOGO);
	}

	@Test
	void keyMayHaveExactly1024BytesWithThePrefix() {
		String segment = "x".repeat(255);
		String path = String.join("/", segment, segment, segment, "x".repeat(242));
		MediaId id = MediaId.of("media", path);
		assertThat(new ObjectKeys("uploads/").keyOf(id)).hasSize(1_024);
		assertThatExceptionOfType(InvalidMediaPathException.class)
			.isThrownBy(() -> new ObjectKeys("uploads2/").keyOf(id))
			.withMessageContaining("is 1025 bytes and S3 takes 1024: shorten the path or the key prefix");
	}

	@ParameterizedTest
	@ValueSource(strings = { "media/icon/logo.png", "other/media/x", "uploads", "uploads/", "uploads/media",
			"uploads/media/", "uploads/Media/x", "uploads/media/../x", "uploads//media/x" })
	void otherKeysBelongToNoMediaFile(String key) {
		assertThatExceptionOfType(InvalidMediaPathException.class)
			.isThrownBy(() -> new ObjectKeys("uploads/").idOf(key));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/a/", "a", "a/b", "a//", "./", "../", "a/../b/", "a/./", "a\u0000/", "a\n/" })
	void prefixIsMadeOfPlainNames(String prefix) {
		assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKeys(prefix))
			.withMessageStartingWith("Key prefix '");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a/", "a/b/", ".a/..b/c../", "\u00e4 +/" })
	void otherPrefixesAreTaken(String prefix) {
		ObjectKeys keys = new ObjectKeys(prefix);
		assertThat(keys.idOf(keys.keyOf(LOGO))).isEqualTo(LOGO);
	}

}
