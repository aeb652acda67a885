package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the table, in the Markdown that docs/BENCHMARKS.md takes, or JSON.
 */
final class Report {

	private Report() {
	}

	static String table(Map<String, Object> circumstances, List<Figure> figures) {
		StringBuilder text = new StringBuilder();
		circumstances.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
		text.append("\n| measure | Holdfast | against | result | target | |\n|---|---|---|---|---|---|\n");
		for (Figure figure : figures) {
			text.append("| ")
				.append(String.join(" | ", figure.measure(), figure.holdfast(), figure.against(), figure.valueText(),
						figure.targetText(), figure.verdict()))
				.append(" |\n");
		}
		return text.toString();
	}

	static String json(Map<String, Object> circumstances, List<Figure> figures) {
		List<Map<String, Object>> lines = new ArrayList<>();
		for (Figure figure : figures) {
			Map<String, Object> line = new LinkedHashMap<>();
			line.put("measure", figure.measure());
			line.put("value", figure.value());
			line.put("unit", figure.unit());
			line.put("target", figure.targetText());
			line.put("verdict", figure.verdict());
			line.put("holdfast", figure.holdfast());
			line.put("against", figure.against());
			line.put("details", figure.details());
			lines.add(line);
		}
		Map<String, Object> root = new LinkedHashMap<>(circumstances);
		root.put("figures", lines);
		return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(root);
	}

}
