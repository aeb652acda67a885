package dev.holdfast.model;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DigestTest {

	/** The vectors of FIPS 180-2, appendix B, and of no bytes at all. */
	@ParameterizedTest
	@CsvSource(
			textBlock = """
					'', 1, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
					abc, 1, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
					abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq, 1, 248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1
					a, 1000000, cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0
					""")
	void isTheSha256OfTheBytes(String text, int times, String hex) throws IOException {
		byte[] content = text.repeat(times).getBytes(StandardCharsets.US_ASCII);
		Digest digest = Digest.of(content);
		assertThat(digest.hex()).isEqualTo(hex);
		assertThat(Digest.of(new ByteArrayInputStream(content))).isEqualTo(digest);
		assertThat(Digest.ofSha256(Digest.newSha256().digest(content))).isEqualTo(digest);
		assertThat(Digest.fromBase64(digest.base64())).isEqualTo(digest);
		assertThat(Digest.ofSha256(digest.bytes())).isEqualTo(digest);
		assertThat(digest).hasToString("sha256:" + hex);
	}

	@Test
	void base64IsTheFormOfS3AndHttp() {
		assertThat(Digest.EMPTY.base64()).isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
			"g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" })
	void otherDigitsAreRefused(String hex) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Digest(hex)).withMessageContaining("64 lower-case");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "AAAA", "not base64!", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA",
			"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=" })
	void otherBase64IsRefused(String base64) {
		assertThatIllegalArgumentException().isThrownBy(() -> Digest.fromBase64(base64))
			.withMessageContaining("the Base64 of 32 bytes is expected");
	}

}
