package dev.holdfast.it;

import java.util.ArrayList;
import java.util.List;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is uploaded, replaced and deleted through app-service is in the bucket, and a
 * worker that is killed goes on where it was.
 */
class ReplicationIT {

	@RegisterExtension
	static final Running RUNNING = Running.shared(Running.Shared.PLAIN);

	private final Stack stack = RUNNING.get();

	private int deadLettersBefore;

	@BeforeEach
	void countWhatIsThere() {
		this.deadLettersBefore = this.stack.log().deadLetters().size();
	}

	@Test
	void uploadsAreReplicatedByteForByte() {
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			acknowledged.add(this.stack.api().upload("media/replication/ä b+c/" + i, Bytes.random(i, 20_000)));
		}
		acknowledged.add(this.stack.api().upload("media/replication/empty", new byte[0]));
		acknowledged.add(this.stack.api().upload("media/replication/large", Bytes.random(99, 40_000_000)));
		assertReplicated(acknowledged);
	}

	@Test
	void overwritesKeepTheOldVersionAndDeletesHide() throws Exception {
		this.stack.api().upload("media/replication/again.png", Bytes.random(1, 5_000));
		this.stack.awaitReplicated("media/replication/again.png");
		Acknowledged second = this.stack.api().upload("media/replication/again.png", Bytes.random(2, 5_000));
		assertReplicated(List.of(second));
		assertThat(this.stack.bucket().versions("media/replication/again.png")).isEqualTo(2);

		assertThat(this.stack.api().delete("media/replication/again.png").status()).isEqualTo(204);
		Stack.await("the delete to reach the store")
			.until(() -> this.stack.bucket().digest("media/replication/again.png").isEmpty());
	}

	@Test
	void aKilledWorkerGoesOnWhereItWas() {
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			acknowledged.add(this.stack.api().upload("media/replication/killed/" + i, Bytes.random(300 + i, 8_000)));
			if (i == 20) {
				this.stack.worker().kill();
			}
		}
		this.stack.worker().up();
		assertReplicated(acknowledged);
	}

	private void assertReplicated(List<Acknowledged> acknowledged) {
		acknowledged.forEach((upload) -> this.stack.awaitReplicated(upload.file()));
		assertThat(acknowledged)
			.allSatisfy((upload) -> assertThat(this.stack.bucket().digest(upload.file())).hasValue(upload.digest()));
		assertThat(this.stack.log().deadLetters()).hasSize(this.deadLettersBefore);
	}

}
