package dev.holdfast.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The wire format, byte for byte and in both directions.
 */
class GoldenFilesTest {

	private final CloudEventCodec codec = new CloudEventCodec();

	@ParameterizedTest
	@MethodSource("events")
	void eventIsWrittenAsItsFileSays(String name, MediaEvent event) {
		assertThat(this.codec.encode(event)).asString(StandardCharsets.UTF_8).isEqualTo(compact(name));
	}

	@ParameterizedTest
	@MethodSource({ "events", "foreignEvents" })
	void eventIsReadAsItsFileSays(String name, MediaEvent event) throws MalformedEventException {
		assertThat(this.codec.decodeEvent(Golden.bytes(name))).isEqualTo(event);
	}

	@ParameterizedTest
	@MethodSource("ledger")
	void ledgerRecordIsWrittenAsItsFileSays(String name, LedgerRecord entry) {
		assertThat(this.codec.encode(entry)).asString(StandardCharsets.UTF_8).isEqualTo(compact(name));
	}

	@ParameterizedTest
	@MethodSource("ledger")
	void ledgerRecordIsReadAsItsFileSays(String name, LedgerRecord entry) throws MalformedEventException {
		assertThat(this.codec.decodeLedger(Golden.bytes(name))).isEqualTo(entry);
	}

	@ParameterizedTest
	@MethodSource({ "events", "foreignEvents" })
	void unknownFieldsOfAnEventAreIgnored(String name, MediaEvent event) throws MalformedEventException {
		assertThat(this.codec.decodeEvent(withUnknownFields(name))).isEqualTo(event);
	}

	@ParameterizedTest
	@MethodSource("ledger")
	void unknownFieldsOfALedgerRecordAreIgnored(String name, LedgerRecord entry) throws MalformedEventException {
		assertThat(this.codec.decodeLedger(withUnknownFields(name))).isEqualTo(entry);
	}

	@Test
	void everyFileIsTried() throws IOException {
		Path directory = Path.of("src/test/resources/golden");
		try (Stream<Path> files = Files.walk(directory)) {
			Set<String> found = files.filter(Files::isRegularFile)
				.map((file) -> directory.relativize(file).toString().replace(".json", ""))
				.collect(Collectors.toCollection(TreeSet::new));
			Set<String> tried = new TreeSet<>(Golden.events().keySet());
			tried.addAll(Golden.foreignEvents().keySet());
			tried.addAll(Golden.ledger().keySet());
			assertThat(found).isEqualTo(tried);
		}
	}

	@Test
	void everyTypeHasAFile() {
		assertThat(Golden.events().values()).map(Object::getClass)
			.map(Class::getSimpleName)
			.contains("MediaStored", "MediaDeleted", "WatchGap");
		assertThat(Stream.concat(Golden.events().values().stream(), Golden.ledger().values().stream())
			.map(Object::getClass)
			.distinct()).hasSize(CloudEventCodec.EVENTS.size() + CloudEventCodec.LEDGER.size());
	}

	@Test
	void failuresOfOneVersionHaveIdsOfTheirOwn() {
		ReplicationFailed once = (ReplicationFailed) Objects.requireNonNull(Golden.ledger().get("replication-failed"));
		ReplicationFailed again = new ReplicationFailed(once.id(), once.version(), once.store(),
				once.at().plusSeconds(10), once.failureClass(), once.reason(), 4, null);
		assertThat(Golden.MAPPER.readTree(this.codec.encode(once)).get("id"))
			.isEqualTo(Golden.MAPPER.readTree(this.codec.encode(once)).get("id"))
			.isNotEqualTo(Golden.MAPPER.readTree(this.codec.encode(again)).get("id"))
			.isNotEqualTo(Golden.json("replicated").get("id"));
	}

	static Stream<Object[]> events() {
		return rows(Golden.events());
	}

	static Stream<Object[]> foreignEvents() {
		return rows(Golden.foreignEvents());
	}

	static Stream<Object[]> ledger() {
		return rows(Golden.ledger());
	}

	private static Stream<Object[]> rows(Map<String, ?> values) {
		return values.entrySet().stream().map((entry) -> new Object[] { entry.getKey(), entry.getValue() });
	}

	/** The file without the line breaks that it has for those who read it. */
	private static String compact(String name) {
		return Golden.MAPPER.writeValueAsString(Golden.json(name));
	}

	private static byte[] withUnknownFields(String name) {
		ObjectNode event = Golden.json(name);
		event.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
		event.putObject("com.example").putArray("list").add(1).addNull();
		((ObjectNode) event.get("data")).put("colour", "blue").putObject("nested").put("deep", true);
		return Golden.MAPPER.writeValueAsBytes(event);
	}

}
