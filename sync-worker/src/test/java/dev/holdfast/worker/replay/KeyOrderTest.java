package dev.holdfast.worker.replay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyOrderTest {

	@Test
	void isThatOfTheBytes() {
		List<String> keys = List.of("", "a", "aa", "b", "a/", "a-", "ä", "\uFF5E", "😀", "😀a", "\uE000", "日本", "a😀",
				"a\uFFFD");
		for (String a : keys) {
			for (String b : keys) {
				int bytes = Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8),
						b.getBytes(StandardCharsets.UTF_8));
				assertThat(Integer.signum(KeyOrder.compare(a, b))).as(a + " and " + b).isEqualTo(Integer.signum(bytes));
			}
		}
	}

}
