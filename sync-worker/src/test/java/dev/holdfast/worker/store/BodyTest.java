package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BodyTest {

	@Test
	void largeContentLeavesASmallOneItsTurn() throws Exception {
		assertThat(CrowdedCores.leaveASmallOneItsTurn((content) -> {
			try (Body body = new Body(() -> content, 0, Long.MAX_VALUE, () -> Body.StreamCheck.NONE)) {
				InputStream large = body.newStream();
				byte[] buffer = new byte[64 * 1024];
				while (large.read(buffer) > 0) {
					// There is no end: reading fails when it is over.
				}
			}
		})).allSatisfy((large) -> assertThat(large.exceptionNow()).isInstanceOf(IOException.class));
	}

}
