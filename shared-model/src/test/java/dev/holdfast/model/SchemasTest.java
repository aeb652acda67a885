package dev.holdfast.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The published JSON Schemas and the AsyncAPI document say what the code does.
 */
class SchemasTest {

	private static final List<Class<? extends Record>> RECORDS = List.of(MediaStored.class, MediaDeleted.class,
			WatchGap.class, Replicated.class, ReplicationFailed.class, ReplicaRemoved.class);

	private static final JsonNode ASYNCAPI = new YAMLMapper().readTree(resource("asyncapi.yaml"));

	@ParameterizedTest
	@MethodSource("goldenFiles")
	void goldenFileIsValid(String topic, String name) {
		assertThat(errors(topic, Golden.json(name))).isEmpty();
	}

	static Stream<Object[]> goldenFiles() {
		return Stream.of(Golden.events().keySet(), Golden.foreignEvents().keySet(), Golden.ledger().keySet())
			.flatMap((names) -> names.stream()
				.map((name) -> new Object[] { Golden.ledger().containsKey(name) ? Topics.REPLICAS : Topics.EVENTS,
						name }));
	}

	@ParameterizedTest
	@MethodSource("records")
	void recordComponentsAndPropertiesAreTheSame(Class<? extends Record> type) {
		Set<String> expected = new LinkedHashSet<>();
		for (RecordComponent component : type.getRecordComponents()) {
			if (component.getType() == MediaId.class) {
				expected.addAll(List.of("volume", "path"));
			}
			else {
				expected.add(component.getName());
			}
		}
		if (type == ReplicationFailed.class) {
			// Written for readers with a console consumer; it follows from nextAttempt.
			expected.add("deadLetter");
		}
		assertThat(dataOf(type).get("properties").propertyNames()).containsExactlyInAnyOrderElementsOf(expected);
	}

	@ParameterizedTest
	@MethodSource("records")
	void whatMayBeMissingInTheSchemaMayBeMissingForTheReader(Class<? extends Record> type) {
		JsonNode data = dataOf(type);
		Set<String> required = new TreeSet<>();
		data.get("required").forEach((name) -> required.add(name.stringValue()));
		String topic = topicOf(type);
		String golden = richest(type);
		for (String property : data.get("properties").propertyNames()) {
			ObjectNode event = Golden.json(golden);
			((ObjectNode) event.get("data")).remove(property);
			assertThat(errors(topic, event).isEmpty()).as("schema without %s", property)
				.isEqualTo(!required.contains(property));
			assertThat(isRead(topic, event)).as("reader without %s", property).isEqualTo(!required.contains(property));
		}
	}

	@ParameterizedTest
	@MethodSource("records")
	void constantsAreTheSame(Class<? extends Record> type) {
		for (RecordComponent component : type.getRecordComponents()) {
			if (component.getType().isEnum()) {
				List<String> constants = Arrays.stream(component.getType().getEnumConstants())
					.map((constant) -> Fields.name((Enum<?>) constant))
					.toList();
				assertThat(dataOf(type).get("properties").get(component.getName()).get("enum").valueStream())
					.map(JsonNode::stringValue)
					.containsExactlyElementsOf(constants);
			}
		}
	}

	@Test
	void constantsAreTheSameInTheHeaderOfDeadLetters() {
		assertThat(ASYNCAPI.at("/components/messages/DeadLetter/headers/properties/holdfast-failure-class/enum")
			.valueStream()).map(JsonNode::stringValue)
			.containsExactlyElementsOf(Arrays.stream(FailureClass.values()).map(Fields::name).toList());
	}

	@ParameterizedTest
	@EnumSource
	void everyOriginIsValid(Origin origin) {
		ObjectNode event = Golden.json("media-stored");
		((ObjectNode) event.get("data")).put("origin", Fields.name(origin));
		assertThat(errors(Topics.EVENTS, event)).isEmpty();
		assertThat(isRead(Topics.EVENTS, event)).isTrue();
	}

	@ParameterizedTest
	@MethodSource("dev.holdfast.model.MediaIdTest#accepted")
	void acceptedPathsAreValid(String path) {
		assertThat(errors(Topics.EVENTS, withPath(path))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/a", "a//b", "a/", ".", "..", "./a", "a/..", "a/../b", "a/./b", "a\u0000b",
			"a\tb", "a\u0085b", "\u007f", ".holdfast", ".holdfast/x", ".HOLDFAST/x" })
	void refusedPathsAreNotValid(String path) {
		assertThat(errors(Topics.EVENTS, withPath(path))).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"size\":-1}", "{\"size\":\"5\"}", "{\"digest\":\"md5:00\"}", "{\"version\":\"12\"}",
			"{\"version\":\"2000000000000000\"}", "{\"modified\":\"yesterday\"}", "{\"mode\":\"0999\"}",
			"{\"mode\":\"17777\"}", "{\"mode\":420}", "{\"owner\":\"root\"}", "{\"origin\":\"magic\"}",
			"{\"contentType\":\" \"}", "{\"volume\":\"Media\"}", "{\"volume\":\"media-\"}" })
	void whatTheReaderRefusesIsNotValid(String change) {
		ObjectNode event = Golden.json("media-stored");
		JsonNode changed = Golden.MAPPER.readTree(change);
		changed.propertyStream()
			.forEach((property) -> ((ObjectNode) event.get("data")).set(property.getKey(), property.getValue()));
		assertThat(errors(Topics.EVENTS, event)).isNotEmpty();
		assertThat(isRead(Topics.EVENTS, event)).isFalse();
	}

	@Test
	void anEventNeedsATimeWhereItHasNoVersion() {
		ObjectNode event = Golden.json("foreign/minimal-stored");
		event.remove("time");
		assertThat(errors(Topics.EVENTS, event)).isNotEmpty();
		((ObjectNode) event.get("data")).put("version", "01a202c0f7c40000");
		assertThat(errors(Topics.EVENTS, event)).isEmpty();
		assertThat(isRead(Topics.EVENTS, event)).isTrue();
	}

	@Test
	void bothSchemasMeanTheSameByTheSameName() {
		JsonNode events = schema(Topics.EVENTS).get("$defs");
		JsonNode ledger = schema(Topics.REPLICAS).get("$defs");
		Set<String> shared = new TreeSet<>(events.propertyNames());
		shared.retainAll(new TreeSet<>(ledger.propertyNames()));
		assertThat(shared).contains("digest", "path", "time", "version", "volumeName");
		assertThat(shared).allSatisfy((name) -> assertThat(ledger.get(name)).isEqualTo(events.get(name)));
	}

	@Test
	void asyncApiHasEveryTopic() throws IllegalAccessException {
		Set<String> topics = new TreeSet<>();
		for (var field : Topics.class.getFields()) {
			if (Modifier.isStatic(field.getModifiers())) {
				topics.add((String) field.get(null));
			}
		}
		assertThat(ASYNCAPI.get("channels").valueStream()).map((channel) -> channel.get("address").stringValue())
			.containsExactlyInAnyOrderElementsOf(topics);
		assertThat(ASYNCAPI.get("channels").valueStream())
			.map((channel) -> channel.at("/bindings/kafka/topic").stringValue())
			.containsExactlyInAnyOrderElementsOf(topics);
	}

	@Test
	void asyncApiHasEveryTypeOnItsTopic() {
		assertThat(typesOn(Topics.EVENTS)).containsExactlyInAnyOrderElementsOf(CloudEventCodec.EVENTS.keySet());
		assertThat(typesOn(Topics.REPLICAS)).containsExactlyInAnyOrderElementsOf(CloudEventCodec.LEDGER.keySet());
	}

	@ParameterizedTest
	@MethodSource("records")
	void asyncApiRefersToTheSchemaOfItsType(Class<? extends Record> type) {
		JsonNode message = ASYNCAPI.at("/components/messages/" + type.getSimpleName());
		assertThat(message.at("/payload/$ref").stringValue())
			.isEqualTo("./" + topicOf(type) + ".json#/$defs/" + type.getSimpleName());
		assertThat(message.get("name")).isEqualTo(definition(type).at("/properties/type/const"));
		assertThat(message.get("contentType").stringValue()).isEqualTo(CloudEventCodec.CONTENT_TYPE);
		assertThat(ASYNCAPI.get("defaultContentType").stringValue()).isEqualTo(CloudEventCodec.CONTENT_TYPE);
	}

	@Test
	void theDocumentShowsTheMinimalEvent() throws IOException {
		String document = Files.readString(Path.of("..", "docs", "event-contract.md"));
		String example = document.substring(document.indexOf("```json") + "```json".length());
		assertThat(Golden.MAPPER.readTree(example.substring(0, example.indexOf("```"))).get("data"))
			.isEqualTo(Golden.json("foreign/minimal-stored").get("data"));
		assertThat(document).contains(Topics.EVENTS, Topics.REPLICAS, CloudEventCodec.STORED, CloudEventCodec.DELETED);
	}

	static List<Class<? extends Record>> records() {
		return RECORDS;
	}

	private static List<String> typesOn(String topic) {
		JsonNode channel = ASYNCAPI.get("channels")
			.valueStream()
			.filter((candidate) -> candidate.get("address").stringValue().equals(topic))
			.findFirst()
			.orElseThrow();
		return channel.get("messages")
			.valueStream()
			.map((message) -> message.get("$ref").stringValue().substring(1))
			.map((pointer) -> ASYNCAPI.at(pointer + "/name").stringValue())
			.toList();
	}

	private static String topicOf(Class<?> type) {
		return LedgerRecord.class.isAssignableFrom(type) ? Topics.REPLICAS : Topics.EVENTS;
	}

	/** The golden file of a type that has the most fields. */
	private static String richest(Class<?> type) {
		Map<String, ?> files = topicOf(type).equals(Topics.EVENTS) ? Golden.events() : Golden.ledger();
		return files.entrySet()
			.stream()
			.filter((entry) -> type.isInstance(entry.getValue()))
			.map(Map.Entry::getKey)
			.max((one, other) -> Integer.compare(Golden.json(one).get("data").size(),
					Golden.json(other).get("data").size()))
			.orElseThrow();
	}

	private static boolean isRead(String topic, JsonNode event) {
		byte[] value = Golden.MAPPER.writeValueAsBytes(event);
		CloudEventCodec codec = new CloudEventCodec();
		try {
			Object read = topic.equals(Topics.EVENTS) ? codec.decodeEvent(value) : codec.decodeLedger(value);
			return read != null;
		}
		catch (MalformedEventException ex) {
			return false;
		}
	}

	private static JsonNode definition(Class<?> type) {
		return schema(topicOf(type)).at("/$defs/" + type.getSimpleName());
	}

	private static JsonNode dataOf(Class<?> type) {
		String reference = definition(type).at("/properties/data/$ref").stringValue();
		return schema(topicOf(type)).at(reference.substring(1));
	}

	private static ObjectNode withPath(String path) {
		ObjectNode event = Golden.json("media-stored");
		((ObjectNode) event.get("data")).put("path", path);
		return event;
	}

	private static List<Error> errors(String topic, JsonNode event) {
		Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
			.getSchema(resource(topic + ".json"), InputFormat.JSON);
		return schema.validate(event.toString(), InputFormat.JSON,
				(context) -> context.executionConfig((config) -> config.formatAssertionsEnabled(true)));
	}

	private static JsonNode schema(String topic) {
		return Golden.MAPPER.readTree(resource(topic + ".json"));
	}

	private static String resource(String name) {
		try (@Nullable
		InputStream file = CloudEventCodec.class.getResourceAsStream("schemas/" + name)) {
			if (file == null) {
				throw new IllegalArgumentException("No schemas/" + name + " beside the codec");
			}
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
