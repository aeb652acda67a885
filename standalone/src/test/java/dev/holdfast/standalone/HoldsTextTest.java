package dev.holdfast.standalone;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class HoldsTextTest {

	private static final String HELD = """
			{"volumes":[{"volume":"media","hold":{"since":"2026-11-22T12:00:00Z","deletes":3,"overwrites":1,"asOf":17,
			"reason":"more than 2 files were deleted within 10 min",
			"examples":{"deletes":["a b.png","c.png"],"overwrites":["d.png"]},
			"lastGood":{"at":"2026-11-22T11:59:00Z","topic":"media.events","positions":{"0":12,"7":3}}},
			"approving":0,"rejected":0},
			{"volume":"uploads","approving":4,"rejected":2}]}""";

	private final JsonMapper json = new JsonMapper();

	@Test
	void list_saysHowMuchSinceWhenWhyWhatAndWhatToDo() {
		assertThat(HoldsText.list(read(HELD))).isEqualTo(
				"""
						volume media: 3 deletes and 1 overwrite held since 2026-11-22T12:00:00Z, because more than 2 files were deleted within 10 min
						  deleted a b.png
						  deleted c.png
						  ... and 1 more deleted
						  overwritten d.png
						  last good moment: 2026-11-22T11:59:00Z, media.events at 0:12 7:3
						  ./holdfast deletes approve --volume media --as-of 17
						    carries this out
						  ./holdfast deletes reject --volume media --as-of 17
						    leaves the replicas as they are
						volume uploads: 4 approved and being recorded
						volume uploads: 2 overwritten files were rejected, their replicas have the bytes of before
						""");
	}

	@Test
	void list_saysWhereThereIsNothing() {
		assertThat(HoldsText.list(read("{\"volumes\":[]}"))).isEqualTo("Nothing is held\n");
	}

	@Test
	void decision_saysWhatWasDecidedOrWouldBe() {
		assertThat(HoldsText.decision(read("""
				{"volume":"media","decision":"approve","dryRun":true,"deletes":3,"overwrites":0,"back":1}""")))
			.isEqualTo("volume media: would approve 3 deletes and 0 overwrites; 1 of the deleted files are there again"
					+ " and would stay\n");
		assertThat(HoldsText.decision(read("""
				{"volume":"media","decision":"reject","dryRun":true,"deletes":1,"overwrites":2,"back":0}""")))
			.isEqualTo("volume media: would reject 1 delete and 2 overwrites\n");
		assertThat(HoldsText.decision(read("""
				{"volume":"media","decision":"approve","dryRun":false,"deletes":1,"overwrites":2}"""))).isEqualTo(
				"volume media: approved 1 delete and 2 overwrites: they are recorded now, ./holdfast deletes list"
						+ " shows how many are left\n");
		assertThat(HoldsText.decision(read("""
				{"volume":"media","decision":"reject","dryRun":false,"deletes":1,"overwrites":2}""")))
			.isEqualTo("volume media: rejected 1 delete and 2 overwrites: the replicas stay as they are\n");
	}

	@Test
	void decision_saysWhatWasHeldSinceAndStillWaits() {
		assertThat(HoldsText.decision(read("""
				{"volume":"media","decision":"approve","dryRun":false,"deletes":25,"overwrites":0,
				"left":{"deletes":0,"overwrites":5000}}"""))).isEqualTo(
				"volume media: approved 25 deletes and 0 overwrites: they are recorded now, ./holdfast deletes list"
						+ " shows how many are left\n0 deletes and 5000 overwrites were held since what was shown and still"
						+ " wait: ./holdfast deletes list\n");
		assertThat(HoldsText.decision(read("""
				{"volume":"media","decision":"reject","dryRun":true,"deletes":25,"overwrites":0,
				"left":{"deletes":1,"overwrites":0}}"""))).isEqualTo(
				"volume media: would reject 25 deletes and 0 overwrites\n1 delete and 0 overwrites would still wait: held"
						+ " since what was shown\n");
	}

	@Test
	void about_saysHowMuchAndHowLateItIs() {
		assertThat(HoldsText.about("media", read("""
				{"deletes":25,"overwrites":1,"asOf":26,"latest":"2026-11-22T12:00:00Z"}""")))
			.isEqualTo("volume media: 25 deletes and 1 overwrite held, the latest seen at 2026-11-22T12:00:00Z\n");
		assertThat(HoldsText.about("media", read("{\"deletes\":0,\"overwrites\":0,\"asOf\":0,\"latest\":null}")))
			.isEqualTo("volume media: 0 deletes and 0 overwrites held\n");
	}

	private JsonNode read(String text) {
		return this.json.readTree(text);
	}

}
