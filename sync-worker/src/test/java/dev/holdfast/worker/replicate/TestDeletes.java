package dev.holdfast.worker.replicate;

import java.time.Duration;
import java.util.Map;

import dev.holdfast.worker.source.TestVolume;

/**
 * Policies for the volume of the tests.
 */
public final class TestDeletes {

	private TestDeletes() {
	}

	public static DeleteProperties of(DeletePolicy policy) {
		return new DeleteProperties(Map.of(TestVolume.NAME.value(), policy), Duration.ofDays(30));
	}

}
