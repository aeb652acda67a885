package dev.holdfast.standalone;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class StatusTextTest {

	private final JsonMapper json = new JsonMapper();

	@Test
	void totals_ofOneReplicatedFileFitOneLine() {
		assertThat(StatusText.totals(
				read("""
						{"files":{"known":1,"replicated":1,"pending":0,"retrying":0,"deadLettered":0},
						"bytes":{"known":1234567,"replicated":1234567},"oldestUnreplicatedAgeSeconds":null,
						"outbox":{"waiting":0},"kafka":{"state":"up"},"stores":[{"name":"primary","state":"up","reason":null}]}""")))
			.isEqualTo("""
					1 file, 1 replicated, oldest waiting: none
					1.2 MB of 1.2 MB replicated
					Kafka: up
					store primary: up
					""");
	}

	@Test
	void totals_nameWhatWaitsAndWhy() {
		assertThat(StatusText.totals(
				read("""
						{"files":{"known":7,"replicated":2,"pending":3,"retrying":1,"deadLettered":1},
						"bytes":{"known":999,"replicated":0},"oldestUnreplicatedAgeSeconds":3725,
						"outbox":{"waiting":3},"kafka":{"state":"down","reason":"nobody listens"},
						"topics":[{"topic":"media.events","setting":"cleanup.policy","actual":"delete","expected":"compact","remedy":"Run: x"}]}""")))
			.isEqualTo("""
					7 files, 2 replicated, 3 pending, 1 retrying, 1 dead-lettered, oldest waiting: 1 h 2 min
					0 B of 999 B replicated
					3 events wait for Kafka
					Kafka: down (nobody listens)
					topic media.events: cleanup.policy is delete, needed is compact. Run: x
					""");
	}

	@Test
	void file_namesEachReplica() {
		assertThat(StatusText.file(
				read("""
						{"volume":"media","path":"a b.png","version":"7","size":3,"digest":"sha256:ab","state":"retrying",
						"replicas":[{"store":"primary","state":"retrying","attempts":4,"reason":"timeout","nextAttempt":"2026-11-22T00:00:00Z"}]}""")))
			.isEqualTo("""
					media/a b.png: retrying
					  version 7
					  3 B, sha256:ab
					  store primary: retrying, 4 attempts, next 2026-11-22T00:00:00Z: timeout
					""");
	}

	private JsonNode read(String text) {
		return this.json.readTree(text);
	}

}
