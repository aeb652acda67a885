package dev.holdfast.app.media;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;

import org.springframework.stereotype.Component;

/**
 * The digests of files as they are now: from the catalog where the file is still as it
 * was recorded, else taken anew, because other programs write to the volume too.
 */
@Component
final class CurrentDigests {

	private static final int REMEMBERED = 10_000;

	/**
	 * A file that was modified less than this ago may be modified again without another
	 * time stamp.
	 */
	private static final Duration STILL_WARM = Duration.ofSeconds(2);

	private final Catalog catalog;

	private final Clock clock = Clock.systemUTC();

	private final Map<MediaId, Known> taken = new LinkedHashMap<>(16, 0.75f, true) {
		@Override
		protected boolean removeEldestEntry(Map.Entry<MediaId, Known> eldest) {
			return size() > REMEMBERED;
		}
	};

	CurrentDigests(Catalog catalog) {
		this.catalog = catalog;
	}

	/**
	 * The digest of the file that was seen at a place.
	 * @throws FileChangedException where it changes meanwhile
	 */
	Digest of(MediaId id, Place place, FileStat seen) throws IOException {
		Optional<Digest> known = known(id, seen.stamp());
		if (known.isPresent()) {
			return known.get();
		}
		try (FileChannel channel = place.open()) {
			return take(id, place, seen, channel);
		}
	}

	/**
	 * The digest of an open file, whose position is at its start again afterwards.
	 * @throws FileChangedException where it changes meanwhile
	 */
	Digest of(MediaId id, Place place, FileStat seen, FileChannel channel) throws IOException {
		Optional<Digest> known = known(id, seen.stamp());
		return known.isPresent() ? known.get() : take(id, place, seen, channel);
	}

	/**
	 * What the catalog recorded, where the file has not been touched since.
	 */
	Optional<MediaStored> recorded(MediaId id, FileStamp stamp) {
		Optional<CatalogEntry> entry = this.catalog.find(id);
		return entry.filter((one) -> stamp.equals(one.stamp()) && one.event() instanceof MediaStored)
			.map((one) -> (MediaStored) one.event());
	}

	private Optional<Digest> known(MediaId id, FileStamp stamp) {
		Optional<MediaStored> recorded = recorded(id, stamp);
		if (recorded.isPresent()) {
			return recorded.map(MediaStored::digest);
		}
		synchronized (this.taken) {
			return Optional.ofNullable(this.taken.get(id))
				.filter((one) -> one.stamp().equals(stamp))
				.map(Known::digest);
		}
	}

	private Digest take(MediaId id, Place place, FileStat seen, FileChannel channel) throws IOException {
		Instant begun = this.clock.instant();
		// Not closed: that would close the channel.
		Digest digest = Digest.of(Channels.newInputStream(channel));
		channel.position(0);
		if (!place.stat().map(FileStat::stamp).equals(Optional.of(seen.stamp()))) {
			throw new FileChangedException(id);
		}
		if (Instant.EPOCH.plusNanos(seen.stamp().changedNanos()).plus(STILL_WARM).isBefore(begun)) {
			synchronized (this.taken) {
				this.taken.put(id, new Known(seen.stamp(), digest));
			}
		}
		return digest;
	}

	private record Known(FileStamp stamp, Digest digest) {

	}

}
