package dev.holdfast.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The golden files and what they stand for. Each pins the wire format: a file here is
 * never changed, since topics keep what was written for ever; a new format gets a new
 * file.
 */
final class Golden {

	static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final MediaId LOGO = MediaId.of("media", "base/company/icon/logo.png");

	private static final Digest HELLO = new Digest("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

	private static final Instant AT = Instant.parse("2026-11-22T10:15:31Z");

	private static final Instant FROM = Instant.parse("2026-11-22T10:15:00Z");

	private static final Instant UNTIL = Instant.parse("2026-11-22T10:15:30.250Z");

	private static final String ETAG = "\"5d41402abc4b2a76b9719d911017c592\"";

	private Golden() {
	}

	static Map<String, MediaEvent> events() {
		Map<String, MediaEvent> events = new LinkedHashMap<>();
		events.put("media-stored", new MediaStored(LOGO, version(3), 5, HELLO, "image/png",
				Instant.parse("2026-11-22T10:15:29.123Z"), "1000:33", 0640, Origin.UPLOAD));
		events.put("media-stored-odd-name",
				new MediaStored(
						MediaId.of("media",
								"Bewerbung von Jose\u0301 & Zo\u00eb/-50% + \"neu\" \\ "
										+ "\u5c65\u6b74\u66f8 \ud83d\ude00.pdf"),
						version(0), 0, Digest.EMPTY, MediaStored.UNKNOWN_TYPE,
						Instant.parse("1969-12-31T23:59:59.999Z"), null, null, Origin.SCAN));
		events.put("media-deleted", new MediaDeleted(LOGO, version(4), Evidence.API_REQUEST));
		VolumeName media = new VolumeName("media");
		events.put("watch-gap",
				new WatchGap(media, "base/company", version(0), FROM, UNTIL, WatchGap.Reason.NEW_DIRECTORY, 12, 3));
		events.put("watch-gap-whole-volume",
				new WatchGap(media, "", version(1), FROM, UNTIL, WatchGap.Reason.NOT_RUNNING, 120_000, 0));
		return events;
	}

	/** What other apps may write: read, but never written like that. */
	static Map<String, MediaEvent> foreignEvents() {
		MediaId hello = MediaId.of("media", "hello.txt");
		return Map.of("foreign/minimal-stored",
				new MediaStored(hello, version(0), 5, HELLO, MediaStored.UNKNOWN_TYPE, version(0).moment(), null, null,
						Origin.WATCH),
				"foreign/minimal-deleted", new MediaDeleted(hello, version(0), Evidence.OBSERVED));
	}

	static Map<String, LedgerRecord> ledger() {
		StoreName store = StoreName.PRIMARY;
		Map<String, LedgerRecord> ledger = new LinkedHashMap<>();
		ledger.put("replicated", new Replicated(LOGO, version(3), store, AT, "holdfast",
				"media/base/company/icon/logo.png", "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY", ETAG, 5, HELLO, 1));
		ledger.put("replicated-unversioned-bucket", new Replicated(LOGO, version(3), store, AT, "holdfast",
				"uploads/media/base/company/icon/logo.png", null, ETAG, 5, HELLO, 0));
		ledger.put("replication-failed",
				new ReplicationFailed(LOGO, version(3), store, AT, FailureClass.STUBBORN,
						"put media/base/company/icon/logo.png: the store answered 503 three times", 3,
						Instant.parse("2026-11-22T10:15:41Z")));
		ledger.put("replication-failed-dead-letter", new ReplicationFailed(LOGO, version(3), store, AT,
				FailureClass.PERMANENT, "missing on the volume: restore it or delete it through the API", 1, null));
		ledger.put("replica-removed",
				new ReplicaRemoved(LOGO, version(4), store, AT, ReplicaRemoved.Disposition.DELETE_MARKER, "null-7"));
		ledger.put("replica-removed-kept",
				new ReplicaRemoved(LOGO, version(4), store, AT, ReplicaRemoved.Disposition.KEPT, null));
		ledger.put("replica-removed-trashed",
				new ReplicaRemoved(LOGO, version(4), store, AT, ReplicaRemoved.Disposition.TRASHED, null));
		ledger.put("replica-removed-for-good",
				new ReplicaRemoved(LOGO, version(4), store, AT, ReplicaRemoved.Disposition.REMOVED, null));
		return ledger;
	}

	static ObjectNode json(String name) {
		return (ObjectNode) MAPPER.readTree(bytes(name));
	}

	static byte[] bytes(String name) {
		String resource = "/golden/" + name + ".json";
		try (InputStream file = Golden.class.getResourceAsStream(resource)) {
			if (file == null) {
				throw new IllegalArgumentException("No " + resource + " among the test resources");
			}
			return file.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Version version(int counter) {
		return new Version(Version.at(Instant.parse("2026-11-22T10:15:30.500Z")).value() + counter);
	}

}
