package dev.holdfast.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whatever lies on a topic is read or refused with a sentence that names the part at
 * fault; nothing else may come out of the codec, for the reader would stop on it.
 */
class MalformedEventTest {

	private static final int MUTATIONS = 20_000;

	private final CloudEventCodec codec = new CloudEventCodec();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					media-stored | specversion | "0.3"    | specversion: only CloudEvents 1.0 is understood
					media-stored | specversion |          | specversion: missing
					media-stored | type        |          | type: missing
					media-stored | type        | 7        | type: a string is expected
					media-stored | type        | "com.example.other" | type 'com.example.other' is not one of [dev.holdfast.media.deleted.v1, dev.holdfast.media.stored.v1, dev.holdfast.watch.gap.v1]
					media-stored | type        | "dev.holdfast.replica.replicated.v1" | type 'dev.holdfast.replica.replicated.v1' is not one of
					media-stored | data        |          | data: missing
					media-stored | data        | "text"   | data: an object is expected
					media-stored | data        | []       | data: an object is expected
					media-stored | data.volume |          | data.volume: missing
					media-stored | data.volume | "Media"  | data.volume: Volume name 'Media' is not allowed
					media-stored | data.path   |          | data.path: missing
					media-stored | data.path   | null     | data.path: missing
					media-stored | data.path   | ["a"]    | data.path: a string is expected
					media-stored | data.path   | "../x"   | data.path: Path '../x' has the segment '..'
					media-stored | data.path   | "a\\ud800b" | data.path: Path 'a\\ud800b' is not valid Unicode
					media-stored | data.version | "12"    | data.version: '12' is not a version
					media-stored | data.version | 12      | data.version: a string is expected
					media-stored | data.version | "01A202C0F7C40003" | data.version: '01A202C0F7C40003' is not a version
					media-stored | data.version | "ffffffffffffffff" | data.version: Version -1 is negative
					media-stored | data.version | "7fffffffffffffff" | data.version: its time, 6429-10-17T02:45:55.327Z, is far in the future
					media-stored | data.version | "2000000000000000" | data.version: its time, 3084-12-12T12:41:28.832Z, is far in the future
					media-stored | data.size   |          | data.size: missing
					media-stored | data.size   | "5"      | data.size: a whole number of at most 64 bits is expected
					media-stored | data.size   | 5.5      | data.size: a whole number
					media-stored | data.size   | 1e400    | data.size: a whole number
					media-stored | data.size   | 9223372036854775808 | data.size: a whole number
					media-stored | data.size   | -1       | data: Size -1 is negative
					media-stored | data.digest |          | data.digest: missing
					media-stored | data.digest | "md5:00" | data.digest: "sha256:" and 64 lower-case hexadecimal digits are expected
					media-stored | data.digest | "sha256:00" | data.digest: '00' is not a SHA-256 digest
					media-stored | data.contentType | ""  | data: Content type '' is not printable ASCII
					media-stored | data.contentType | "a\\r\\nb: c" | data: Content type 'a\\u000d\\u000ab: c' is not printable ASCII
					media-stored | data.modified | "yesterday" | data.modified: a time as in RFC 3339 is expected, for example "2026-11-22T10:15:30Z", not 'yesterday'
					media-stored | data.modified | "2026-11-22T10:15:30" | data.modified: a time as in RFC 3339
					media-stored | data.modified | "+999999999-12-31T23:59:59Z" | data.modified: a time as in RFC 3339
					media-stored | data.modified | "-999999999-01-01T00:00:00Z" | data.modified: a time as in RFC 3339
					media-stored | data.owner  | "root"   | data: Owner 'root' is not of the form uid:gid
					media-stored | data.mode   | "rw-r--" | data.mode: permission bits in octal are expected
					media-stored | data.mode   | "17777"  | data.mode: permission bits in octal are expected
					media-stored | data.mode   | 420      | data.mode: a string is expected
					media-stored | data.origin | "magic"  | data.origin: one of [upload, watch, scan, migrate, restore] is expected, not 'magic'
					media-stored | data.origin | "UPLOAD" | data.origin: one of
					foreign/minimal-stored | time |       | time: missing
					foreign/minimal-stored | time | "1969-07-20T20:17:40Z" | time: a time after 1970 is expected, not 1969-07-20T20:17:40Z
					foreign/minimal-stored | time | "9999-07-20T20:17:40Z" | time: its time, 9999-07-20T20:17:40Z, is far in the future
					foreign/minimal-stored | time | "4000-07-20T20:17:40Z" | time: its time, 4000-07-20T20:17:40Z, is far in the future
					media-deleted | data.evidence |       | data.evidence: missing
					media-deleted | data.evidence | "absent" | data.evidence: one of [api-request, observed, approved] is expected, not 'absent'
					watch-gap    | data.subtree |         | data.subtree: missing
					watch-gap    | data.subtree | "a//b"  | data: Path 'a//b' has an empty segment
					watch-gap    | data.from   | "2026-11-22T10:15:31Z" | data: A gap cannot end at 2026-11-22T10:15:30.250Z before it began at 2026-11-22T10:15:31Z
					watch-gap    | data.scanned | -3      | data: A gap counts files, -3 is negative
					watch-gap    | data.reason | "tired"  | data.reason: one of [not-running, overflow, watch-lost, new-directory]
					replicated   | data.version |         | data.version: missing
					replicated   | data.store  | "Back up" | data.store: Store name 'Back up' is not allowed
					replicated   | data.at     |          | data.at: missing
					replicated   | data.bucket |          | data.bucket: missing
					replicated   | data.objectKey |       | data.objectKey: missing
					replicated   | data.objectVersion | 7 | data.objectVersion: a string is expected
					replicated   | data.etag   |          | data.etag: missing
					replicated   | data.attempts | 4294967296 | data.attempts: a whole number of at most 32 bits is expected
					replicated   | data.attempts | -1     | data: Size and attempts cannot be negative
					replication-failed | data.failureClass | "odd" | data.failureClass: one of [superseded, transient, stubborn, outage, permanent]
					replication-failed | data.reason |    | data.reason: missing
					replication-failed | data.nextAttempt | "soon" | data.nextAttempt: a time as in RFC 3339
					replica-removed | data.disposition |  | data.disposition: missing
					""")
	void saysWhichPartIsWrong(String golden, String field, @Nullable String json, String message) {
		ObjectNode event = Golden.json(golden);
		boolean inData = field.startsWith("data.");
		ObjectNode parent = inData ? (ObjectNode) event.get("data") : event;
		String name = inData ? field.substring("data.".length()) : field;
		if (json == null) {
			parent.remove(name);
		}
		else {
			// As it stands, for a number like 1e400 has no node.
			parent.put(name, "@@@");
		}
		String text = event.toString().replace("\"@@@\"", (json != null) ? json : "");
		byte[] value = text.getBytes(StandardCharsets.UTF_8);
		boolean ledger = Golden.ledger().containsKey(golden);
		assertThatExceptionOfType(MalformedEventException.class).isThrownBy(() -> {
			if (ledger) {
				this.codec.decodeLedger(value);
			}
			else {
				this.codec.decodeEvent(value);
			}
		}).withMessageStartingWith(message);
	}

	@ParameterizedTest
	@MethodSource("noEvents")
	void refusesWhatIsNoEvent(byte @Nullable [] value, String message) {
		assertThatExceptionOfType(MalformedEventException.class).isThrownBy(() -> this.codec.decodeEvent(value))
			.withMessageStartingWith(message);
		assertThatExceptionOfType(MalformedEventException.class).isThrownBy(() -> this.codec.decodeLedger(value))
			.withMessageStartingWith(message);
	}

	static List<Arguments> noEvents() {
		String notJson = "the record is not readable as JSON: ";
		List<Arguments> rows = new ArrayList<>();
		rows.add(Arguments.of(null, "the record has no value"));
		rows.add(Arguments.of(new byte[0], "the record has no value"));
		rows.add(Arguments.of(new byte[CloudEventCodec.MAX_EVENT_BYTES + 1], "the record has 65537 bytes"));
		rows.add(Arguments.of(utf8("hello"), notJson));
		rows.add(Arguments.of(utf8("{\"type\":"), notJson));
		rows.add(Arguments.of(utf8("{} {}"), notJson));
		rows.add(Arguments.of(utf8("{\"a\":1,\"a\":2}"), notJson));
		rows.add(Arguments.of(utf8("[".repeat(60_000)), notJson));
		rows.add(Arguments.of(new byte[] { '"', (byte) 0xc3, (byte) 0x28, '"' }, notJson));
		rows.add(Arguments.of(utf8("[]"), "the event: an object is expected"));
		rows.add(Arguments.of(utf8("null"), "the event: an object is expected"));
		rows.add(Arguments.of(utf8("\"text\""), "the event: an object is expected"));
		return rows;
	}

	@Test
	void wholeNumbersOfLanguagesWithDoublesOnlyAreRead() throws MalformedEventException {
		String text = Golden.json("media-stored").toString().replace("\"size\":5,", "\"size\":2.048E4,");
		assertThat(this.codec.decodeEvent(utf8(text))).isInstanceOfSatisfying(MediaStored.class,
				(stored) -> assertThat(stored.size()).isEqualTo(20_480));
	}

	@Test
	void messagesShowNoControlCharactersAndNoWholeDocuments() {
		String text = Golden.json("media-stored").toString().replace("upload", "\\u001b[31m" + "x".repeat(5_000));
		assertThatExceptionOfType(MalformedEventException.class).isThrownBy(() -> this.codec.decodeEvent(utf8(text)))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains("\\u001b[31m").hasSizeLessThan(400));
	}

	@Test
	void longestRecordsCanBeReadAgain() throws MalformedEventException {
		String segment = "\"".repeat(255);
		MediaId id = MediaId.of("v".repeat(63), String.join("/", segment, segment, segment, "\\".repeat(192)));
		LedgerRecord failed = new ReplicationFailed(id, Version.NONE, StoreName.PRIMARY, Version.NONE.moment(),
				FailureClass.PERMANENT, "<\u0000\"\ud83d".repeat(100_000), 1, null);
		assertThat(this.codec.decodeLedger(this.codec.encode(failed))).isEqualTo(failed);
		MediaEvent stored = new MediaStored(id, Version.NONE, Long.MAX_VALUE, Digest.EMPTY, "\"".repeat(1_024),
				Instant.MAX, "4294967295:4294967295", 07777, Origin.RESTORE);
		assertThat(this.codec.decodeEvent(this.codec.encode(stored))).isEqualTo(stored);
	}

	@Test
	void damagedRecordsAreReadOrRefusedAndNothingElse() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		List<String> names = new ArrayList<>(Golden.events().keySet());
		names.addAll(Golden.foreignEvents().keySet());
		names.addAll(Golden.ledger().keySet());
		int refused = 0;
		for (int i = 0; i < MUTATIONS; i++) {
			byte[] value = damaged(Golden.bytes(names.get(random.nextInt(names.size()))), random);
			refused += readOrRefused(value, seed) ? 0 : 1;
		}
		assertThat(refused).as("refused, seed %d", seed).isBetween(MUTATIONS / 10, MUTATIONS);
	}

	private boolean readOrRefused(byte[] value, long seed) {
		Consumer<Throwable> report = (ex) -> {
			throw new AssertionError("seed " + seed + ": " + new String(value, StandardCharsets.UTF_8) + " gave " + ex,
					ex);
		};
		boolean read = false;
		try {
			MediaEvent event = this.codec.decodeEvent(value);
			assertThat(this.codec.decodeEvent(this.codec.encode(event))).isEqualTo(event);
			read = true;
		}
		catch (MalformedEventException ex) {
			assertThat(ex.getMessage()).isNotBlank();
		}
		catch (RuntimeException ex) {
			report.accept(ex);
		}
		try {
			LedgerRecord entry = this.codec.decodeLedger(value);
			assertThat(this.codec.decodeLedger(this.codec.encode(entry))).isEqualTo(entry);
			read = true;
		}
		catch (MalformedEventException ex) {
			assertThat(ex.getMessage()).isNotBlank();
		}
		catch (RuntimeException ex) {
			report.accept(ex);
		}
		return read;
	}

	private static byte[] damaged(byte[] value, Random random) {
		byte[] damaged = value.clone();
		byte[] likely = utf8("0123456789+-:.eE\\\"/u{}[],nTZ \u00e9\ud83d\ude00");
		for (int i = random.nextInt(3); i >= 0; i--) {
			damaged[random.nextInt(damaged.length)] = random.nextBoolean() ? likely[random.nextInt(likely.length)]
					: (byte) random.nextInt(256);
		}
		return damaged;
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
