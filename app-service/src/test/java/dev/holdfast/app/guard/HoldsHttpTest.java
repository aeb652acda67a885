package dev.holdfast.app.guard;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

import dev.holdfast.app.RunningApp;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.app.catalog.Holds;
import dev.holdfast.app.catalog.Moment;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A person, or a program for one, decides about what was shown.
 */
class HoldsHttpTest {

	private static final VolumeName MEDIA = new VolumeName("media");

	private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

	private final RunningApp app = RunningApp.own();

	@AfterEach
	void stop() {
		this.app.context().close();
	}

	@Test
	void whatIsHeldAfterTheListIsNotApprovedWithIt() throws Exception {
		hold(0, 3);
		JsonNode shown = list().path("hold");
		assertThat(shown.path("deletes").asInt()).isEqualTo(3);
		assertThat(shown.path("latest").asString()).isEqualTo(NOON.plusSeconds(2).toString());
		String asOf = "as-of=" + shown.path("asOf").asLong();
		hold(3, 8);

		JsonNode dry = decide("approve?dry-run=true&" + asOf);
		assertThat(dry.path("deletes").asInt()).isEqualTo(3);
		assertThat(dry.path("back").asInt()).isEqualTo(3);
		assertThat(dry.at("/left/deletes").asInt()).isEqualTo(5);
		JsonNode approved = decide("approve?" + asOf);
		assertThat(approved.path("deletes").asInt()).isEqualTo(3);
		assertThat(approved.at("/left/deletes").asInt()).isEqualTo(5);
		assertThat(list().at("/hold/deletes").asInt()).isEqualTo(5);

		JsonNode late = decide("approve?" + asOf);
		assertThat(late.path("deletes").asInt()).as("the same again").isZero();
		JsonNode rejected = decide("reject?" + asOf);
		assertThat(rejected.path("deletes").asInt()).isZero();
		assertThat(rejected.at("/left/deletes").asInt()).isEqualTo(5);
		HttpResponse<String> wrong = send("approve?as-of=yesterday");
		assertThat(wrong.statusCode()).isEqualTo(400);
		assertThat(wrong.body()).contains("'as-of'").doesNotContain("yesterday");

		JsonNode all = decide("approve");
		assertThat(all.path("deletes").asInt()).as("all that waits, for those who do not say as of when").isEqualTo(5);
		assertThat(all.at("/left/deletes").asInt()).isZero();
		assertThat(send("approve").statusCode()).as("nothing is held").isEqualTo(409);
	}

	@Test
	void ofOneVolumeNothingElseIsShownAndAMisspeltOneIsNamed() throws Exception {
		hold(0, 1);
		Holds holds = this.app.context().getBean(Catalog.class).holds();
		holds.open(new Hold(new VolumeName("taken-out"), Hold.Kind.DELETES, NOON, "a test",
				new Moment(NOON, new TreeMap<>())));
		assertThat(volumes("")).containsExactly("media", "taken-out");
		assertThat(volumes("?volume=media")).containsExactly("media");
		assertThat(volumes("?volume=other")).isEmpty();
		assertThat(volumes("?volume=taken-out")).as("no longer in the settings").containsExactly("taken-out");
		HttpResponse<String> misspelt = this.app.send(this.app.request("/api/v1/holds?volume=medai").GET());
		assertThat(misspelt.statusCode()).isEqualTo(404);
		assertThat(misspelt.body()).contains("no-such-volume", "There is no volume 'medai': there are media, other");
		HttpResponse<String> odd = this.app.send(this.app.request("/api/v1/holds?volume=No%20Volume").GET());
		assertThat(odd.statusCode()).isEqualTo(400);
	}

	private List<String> volumes(String query) throws IOException, InterruptedException {
		return RunningApp.json(this.app.send(this.app.request("/api/v1/holds" + query).GET()))
			.path("volumes")
			.valueStream()
			.map((held) -> held.path("volume").asString())
			.toList();
	}

	/** Lets the deletes of files wait that are there again. */
	private void hold(int from, int to) throws IOException, InterruptedException {
		Holds holds = this.app.context().getBean(Catalog.class).holds();
		holds.open(new Hold(MEDIA, Hold.Kind.DELETES, NOON, "a test", new Moment(NOON, new TreeMap<>())));
		for (int i = from; i < to; i++) {
			assertThat(this.app.put("file-" + i, "good " + i).statusCode()).isEqualTo(201);
			holds.holdDelete(MediaId.of("media", "file-" + i), NOON.plusSeconds(i));
		}
	}

	private JsonNode list() throws IOException, InterruptedException {
		return RunningApp.json(this.app.send(this.app.request("/api/v1/holds").GET())).path("volumes").path(0);
	}

	private JsonNode decide(String decision) throws IOException, InterruptedException {
		HttpResponse<String> answer = send(decision);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return RunningApp.json(answer);
	}

	private HttpResponse<String> send(String decision) throws IOException, InterruptedException {
		return this.app
			.send(this.app.request("/api/v1/holds/media/" + decision).POST(HttpRequest.BodyPublishers.noBody()));
	}

}
