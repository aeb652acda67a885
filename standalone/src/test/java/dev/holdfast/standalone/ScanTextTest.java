package dev.holdfast.standalone;

import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ScanTextTest {

	private final JsonMapper json = new JsonMapper();

	@Test
	void progress_namesFilesBytesRateAndTimeLeft() {
		assertThat(ScanText.progress(
				read("""
						{"volume":"media","path":"2024","state":"reading","progress":{"filesToRead":1000,"bytesToRead":20000000,
						"filesRead":250,"bytesRead":5000000,"filesPerSecond":12.4,"bytesPerSecond":250000.0,"secondsLeft":61}}""")))
			.isEqualTo(
					"media/2024: reading, 250 of 1000 files, 5.0 MB of 20.0 MB, 12 files/s, 250.0 kB/s, 1 min 1 s left");
		assertThat(ScanText.progress(read("{\"volume\":\"media\",\"path\":\"\",\"state\":\"walking\",\"seen\":7}")))
			.isEqualTo("media: walking, 7 names seen");
	}

	@Test
	void over_namesWhatAsksForAttentionAndWhatToDo() {
		assertThat(ScanText.over(read("""
				{"volume":"media","path":"","state":"done","seen":30,"found":{"unchanged":3,"published":2,"no-file":1,
				"missing":1,"unreadable":3},"names":{"missing":["a b.png"],"unreadable":["x","y"]}}"""))).isEqualTo("""
				media: 30 names seen, 3 unchanged, 2 published, 1 no-file
				  1 missing (known and not there: put them back, or delete them through the API):
				    a b.png
				  3 unreadable (let the user that runs Holdfast read them):
				    x
				    y
				    and 1 more
				""");
	}

	@Test
	void asksForAPerson_whereSomethingWasFoundThatDoesNotGoAwayByItself() {
		for (String kind : List.of("damaged", "held-back", "missing", "unreadable", "refused-name")) {
			assertThat(ScanText.asksForAPerson(read("{\"found\":{\"unchanged\":3,\"" + kind + "\":1}}"))).as(kind)
				.isTrue();
		}
		assertThat(ScanText.asksForAPerson(read("{\"found\":{\"published\":3,\"being-written\":1,\"missing\":0}}")))
			.isFalse();
	}

	@Test
	void over_saysWhyItEndedEarly() {
		assertThat(ScanText.over(read("""
				{"volume":"media","path":"","state":"failed","reason":"no marker","seen":0,"found":{},"names":{}}""")))
			.isEqualTo("media: 0 names seen, 0 unchanged, 0 published\n  ended early: no marker\n");
	}

	@Test
	void status_showsAScanUnderWayAndFilesThatAreMissing() {
		assertThat(StatusText.totals(read("""
				{"files":{"known":2,"replicated":2},"bytes":{"known":2,"replicated":2},"missing":1,"damaged":1,
				"kafka":{"state":"up"},"volumes":[{"name":"media","state":"available","scan":{"state":"running","last":
				{"state":"reading","progress":{"filesToRead":4,"bytesToRead":8,"filesRead":1,"bytesRead":2,
				"filesPerSecond":1,"bytesPerSecond":2,"secondsLeft":3}}}}]}"""))).isEqualTo("""
				2 files, 2 replicated, 1 missing, 1 damaged, oldest waiting: none
				2 B of 2 B replicated
				Kafka: up
				volume media: available
				  scan: reading, 1 of 4 files, 2 B of 8 B, 1 files/s, 2 B/s, 3 s left
				""");
	}

	private JsonNode read(String text) {
		return this.json.readTree(text);
	}

}
