package dev.holdfast.model;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which paths name a media file, and that nothing about them is changed on the way.
 */
class MediaIdTest {

	private static final int RANDOM_PATHS = 5_000;

	static final List<String> ACCEPTED = List.of("logo.png", "base/company/icon/logo.png", "with space.txt", " leading",
			"trailing ", "a+b.txt", "50%.txt", "%2e%2e/x", "-x", "--delete", "~", "$HOME", "a;b", "a&b=c?d#e", "a:b",
			"back\\slash", "quote\"'`", "*?[x]", ".hidden", "..hidden", "...", "a/..b/c", "a./b.", "sub/.holdfast/x",
			".holdfast2", ".holdfastx/y", "holdfast", "\u00e4\u00f6\u00fc\u00df", "\u5c65\u6b74\u66f8.pdf",
			"\ud83d\ude00.png", "e\u0301", "\u00e9", "\u200f\u202e.txt", "\ufeffbom", "\ufffd", "\u2028line", "CON",
			"x".repeat(255), "\u00e4".repeat(127) + "x", "\ud83d\ude00".repeat(63) + "xyz");

	@ParameterizedTest
	@MethodSource("accepted")
	void accepts(String path) {
		MediaId id = MediaId.of("media", path);
		assertThat(id.path()).isEqualTo(path);
		assertThat(id.key()).isEqualTo(("media/" + path).getBytes(StandardCharsets.UTF_8));
		assertThat(MediaId.parse(id.toString())).isEqualTo(id);
	}

	static List<String> accepted() {
		return ACCEPTED;
	}

	@ParameterizedTest
	@MethodSource("refused")
	void refuses(String path, String why) {
		assertThatExceptionOfType(InvalidMediaPathException.class).isThrownBy(() -> MediaId.of("media", path))
			.withMessageContaining(why);
	}

	static Stream<Arguments> refused() {
		String empty = "has an empty segment";
		String control = "holds the control character U+";
		String reserved = "is in '.holdfast', which belongs to Holdfast";
		return Stream.of(Arguments.of("", "The path is empty"), Arguments.of("/", "is absolute"),
				Arguments.of("/etc/passwd", "is absolute"), Arguments.of("//x", "is absolute"),
				Arguments.of("a//b", empty), Arguments.of("a/", empty), Arguments.of("a/b//", empty),
				Arguments.of(".", "has the segment '.'"), Arguments.of("./a", "has the segment '.'"),
				Arguments.of("a/.", "has the segment '.'"), Arguments.of("a/./b", "has the segment '.'"),
				Arguments.of("..", "has the segment '..'"), Arguments.of("../a", "has the segment '..'"),
				Arguments.of("a/..", "has the segment '..'"), Arguments.of("a/../b", "has the segment '..'"),
				Arguments.of("a\u0000b", control + "0000"), Arguments.of("a\nb", control + "000A"),
				Arguments.of("a\tb", control + "0009"), Arguments.of("\u001b[31m", control + "001B"),
				Arguments.of("a\u007f", control + "007F"), Arguments.of("a\u0085", control + "0085"),
				Arguments.of("a\ud800", "is not valid Unicode"), Arguments.of("\udc00\ud800", "is not valid Unicode"),
				Arguments.of("\ude00x", "is not valid Unicode"), Arguments.of(".holdfast", reserved),
				Arguments.of(".holdfast/volume.json", reserved), Arguments.of(".holdfast/tmp/x", reserved),
				Arguments.of(".HoldFast/volume.json", reserved),
				Arguments.of("x".repeat(256), "has a name of 256 bytes: file systems take up to 255"),
				Arguments.of("a/" + "\u00e4".repeat(128), "has a name of 256 bytes"));
	}

	@Test
	void objectKeyMayHaveExactly1024Bytes() {
		String segment = "x".repeat(255);
		String longest = String.join("/", segment, segment, segment, "x".repeat(250));
		assertThat(MediaId.of("media", longest).key()).hasSize(1_024);
		assertThatExceptionOfType(InvalidMediaPathException.class).isThrownBy(() -> MediaId.of("media", longest + "x"))
			.withMessageContaining("an object key of 1025 bytes and S3 takes 1024");
		assertThatExceptionOfType(InvalidMediaPathException.class).isThrownBy(() -> MediaId.of("media2", longest));
		String wide = String.join("/", segment, segment, segment, "\u20ac".repeat(83) + "x");
		assertThat(MediaId.of("media", wide).key()).hasSize(1_024);
		assertThatExceptionOfType(InvalidMediaPathException.class)
			.isThrownBy(() -> MediaId.of("media", wide.replace("\u20acx", "\u20ac\u00e4")));
	}

	@Test
	void unicodeFormsStayApart() {
		String composed = "Zo\u00eb.png";
		String decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);
		assertThat(decomposed).isNotEqualTo(composed);
		assertThat(MediaId.of("media", composed)).isNotEqualTo(MediaId.of("media", decomposed))
			.isNotEqualByComparingTo(MediaId.of("media", decomposed));
		assertThat(MediaId.of("media", decomposed).path()).isEqualTo(decomposed);
		assertThat(MediaId.of("media", "A")).isNotEqualTo(MediaId.of("media", "a"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "media", "Media/x", "me dia/x", "-media/x", "media-/x", "me.dia/x", "m\u00e4dia/x",
			"/x", "../x", ".holdfast/x" })
	void refusesWhatNamesNoVolume(String text) {
		assertThatExceptionOfType(InvalidMediaPathException.class).isThrownBy(() -> MediaId.parse(text));
	}

	@Test
	void volumeNamesHaveUpTo63Characters() {
		assertThat(MediaId.parse("v".repeat(63) + "/x").volume().value()).hasSize(63);
		assertThatExceptionOfType(InvalidMediaPathException.class)
			.isThrownBy(() -> MediaId.parse("v".repeat(64) + "/x"));
	}

	@Test
	void fileNameIsTheLastSegment() {
		assertThat(MediaId.of("media", "a/b/c.png").fileName()).isEqualTo("c.png");
		assertThat(MediaId.of("media", "c.png").fileName()).isEqualTo("c.png");
	}

	@Test
	void messagesShowNoControlCharacters() {
		assertThatExceptionOfType(InvalidMediaPathException.class).isThrownBy(() -> MediaId.of("media", "a\u001b[2Jb"))
			.withMessage("Path 'a\\u001b[2Jb' holds the control character U+001B");
	}

	@Test
	void anyAcceptedPathComesBackUnchanged() throws MalformedEventException {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		CloudEventCodec codec = new CloudEventCodec();
		ObjectKeys keys = new ObjectKeys("uploads/");
		int accepted = 0;
		for (int i = 0; i < RANDOM_PATHS; i++) {
			String path = randomPath(random);
			MediaId id;
			try {
				id = MediaId.of("media", path);
			}
			catch (InvalidMediaPathException ex) {
				continue;
			}
			accepted++;
			assertThat(MediaId.parse(new String(id.key(), StandardCharsets.UTF_8))).as("key, seed %d", seed)
				.isEqualTo(id);
			assertThat(keys.idOf(keys.keyOf(id))).as("object key, seed %d", seed).isEqualTo(id);
			MediaDeleted event = new MediaDeleted(id, Version.NONE, Evidence.OBSERVED);
			assertThat(codec.decodeEvent(codec.encode(event))).as("event, seed %d", seed).isEqualTo(event);
		}
		assertThat(accepted).as("accepted, seed %d", seed).isGreaterThan(RANDOM_PATHS / 10);
	}

	@Test
	void isOrderedAsStoresListTheirKeys() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		List<MediaId> ids = new ArrayList<>(
				List.of(MediaId.of("a", "x"), MediaId.of("a-b", "x"), MediaId.of("a", "\ud83d\ude00"),
						MediaId.of("a", "\uff21"), MediaId.of("a", "x/y"), MediaId.of("a", "x-y")));
		for (int i = 0; i < 200; i++) {
			ids.add(MediaId.of("v" + random.nextInt(3), "p" + Integer.toString(random.nextInt(), 36)));
		}
		List<MediaId> sorted = ids.stream().sorted().toList();
		ids.sort((one, other) -> Arrays.compareUnsigned(one.key(), other.key()));
		assertThat(sorted).as("seed %d", seed).isEqualTo(ids);
		assertThat(MediaId.of("a-b", "x")).isLessThan(MediaId.of("a", "x"));
		assertThat(MediaId.of("a", "\uff21")).isLessThan(MediaId.of("a", "\ud83d\ude00"));
	}

	private static String randomPath(Random random) {
		StringBuilder path = new StringBuilder();
		int length = 1 + random.nextInt(40);
		for (int i = 0; i < length; i++) {
			int kind = random.nextInt(100);
			int c = (kind < 50) ? 'a' + random.nextInt(26)
					: (kind < 60) ? '/'
							: (kind < 80) ? ' ' + random.nextInt(95) : (kind < 95) ? 0xa0 + random.nextInt(0xd000)
									: (kind < 99) ? 0x10000 + random.nextInt(0x10000) : random.nextInt(0x20);
			path.appendCodePoint(c);
		}
		return path.toString();
	}

}
