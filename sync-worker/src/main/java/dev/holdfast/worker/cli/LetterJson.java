package dev.holdfast.worker.cli;

import java.util.List;
import java.util.Locale;

import dev.holdfast.worker.deadletter.DeadLetter;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Dead letters as JSON. Fields may be added; readers ignore those they do not know.
 */
final class LetterJson {

	private static final JsonMapper MAPPER = new JsonMapper();

	private LetterJson() {
	}

	static String of(List<DeadLetter> letters) {
		ArrayNode array = MAPPER.createArrayNode();
		for (DeadLetter letter : letters) {
			ObjectNode node = array.addObject();
			node.put("name", letter.name());
			letter.event().ifPresent((event) -> {
				node.put("volume", event.id().volume().value());
				node.put("path", event.id().path());
				node.put("version", event.version().toString());
			});
			node.put("store", letter.store());
			node.put("failureClass", letter.failureClass().toLowerCase(Locale.ROOT));
			node.put("reason", letter.reason());
			node.put("attempts", letter.attempts());
			node.put("firstFailure", letter.firstFailure().toString());
			node.put("failedAt", letter.failedAt().toString());
			node.put("origin", letter.origin());
		}
		return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(array);
	}

}
