package dev.holdfast.standalone;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationTextTest {

	@Test
	void aVolumeBelowTheSourceIsToldWithTheReason() {
		String text = MigrationText.of(JsonMapper.shared().readTree("""
				{"from": "/migrate", "volume": "media", "to": "", "mode": "copy",
				 "outcomes": {"copied": {"files": 2, "bytes": 0}, "own-directory": {"files": 1, "bytes": 0}},
				 "details": [{"path": "app/uploads", "outcome": "own-directory", "reason": "is volume 'media'"}],
				 "note": "The source stays."}
				"""));

		assertThat(text).contains("       1 volumes and the like in the source, not gone into",
				"  own-directory: app/uploads\n    is volume 'media'\n");
	}

}
