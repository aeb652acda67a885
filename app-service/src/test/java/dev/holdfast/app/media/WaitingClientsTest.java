package dev.holdfast.app.media;

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WaitingClientsTest {

	private static final Optional<Duration> ASKED = Optional.of(Duration.ofSeconds(10));

	@Test
	void grantsAsManyAsThereArePlaces_andAPlaceThatIsFreeAgain() {
		WaitingClients clients = new WaitingClients(2);
		try (WaitingClients.Granted first = clients.grant(ASKED)) {
			try (WaitingClients.Granted second = clients.grant(ASKED);
					WaitingClients.Granted third = clients.grant(ASKED)) {
				assertThat(first.atMost()).isEqualTo(ASKED);
				assertThat(second.atMost()).isEqualTo(ASKED);
				assertThat(third.atMost()).isEmpty();
			}
			try (WaitingClients.Granted fourth = clients.grant(ASKED);
					WaitingClients.Granted fifth = clients.grant(ASKED)) {
				assertThat(fourth.atMost()).isEqualTo(ASKED);
				assertThat(fifth.atMost()).isEmpty();
			}
		}
	}

	@Test
	void whoDoesNotAskTakesNoPlace() {
		WaitingClients clients = new WaitingClients(1);
		try (WaitingClients.Granted none = clients.grant(Optional.empty());
				WaitingClients.Granted one = clients.grant(ASKED)) {
			assertThat(none.atMost()).isEmpty();
			assertThat(one.atMost()).isEqualTo(ASKED);
		}
		try (WaitingClients.Granted again = clients.grant(ASKED)) {
			assertThat(again.atMost()).isEqualTo(ASKED);
		}
	}

}
