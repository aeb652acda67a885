package dev.holdfast.app.scan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The order in which a walk comes to paths has to be the catalog's, or files would be
 * taken for missing that are there.
 */
class NamesTest {

	@Test
	void directoriesSortAsTheirNameAndASlash() {
		Names names = new Names();
		add(names, "a", true);
		add(names, "a-b", false);
		add(names, "a.txt", false);
		add(names, "a0", false);
		add(names, "é", false);
		add(names, "Z", true);
		names.sort();

		assertThat(list(names)).containsExactly("Z/", "a-b", "a.txt", "a/", "a0", "é");
		assertThat(names.isDirectory(0)).isTrue();
		assertThat(names.isDirectory(1)).isFalse();
	}

	@Test
	void anyNumberOfAnyNames() {
		Random random = new Random(11);
		for (int round = 0; round < 300; round++) {
			Set<String> expected = new TreeSet<>(Comparator
				.comparing((String name) -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
			Names names = new Names();
			int count = random.nextInt(round + 1);
			for (int i = 0; i < count; i++) {
				boolean directory = random.nextBoolean();
				String name = "n"
						+ "-./0aé\uD83D\uDE00".codePoints()
							.skip(random.nextInt(7))
							.limit(1)
							.filter((c) -> c != '/')
							.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
						+ random.nextInt(200);
				if (expected.add(directory ? name + "/" : name)) {
					add(names, name, directory);
				}
			}
			names.sort();
			assertThat(list(names)).containsExactlyElementsOf(expected);
		}
	}

	private static void add(Names names, String name, boolean directory) {
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		names.add(Arrays.copyOf(bytes, bytes.length + 3), bytes.length, directory);
	}

	private static List<String> list(Names names) {
		List<String> all = new ArrayList<>();
		byte[] buffer = new byte[300];
		for (int i = 0; i < names.count(); i++) {
			int end = names.copy(i, buffer, 2);
			assertThat(names.length(i)).isEqualTo(end - 2);
			all.add(new String(buffer, 2, end - 2, StandardCharsets.UTF_8));
		}
		return all;
	}

}
