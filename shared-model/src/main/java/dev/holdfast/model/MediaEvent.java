package dev.holdfast.model;

/**
 * A fact about a volume, on the topic {@link Topics#EVENTS}. Immutable, in the past
 * tense. Consumers switch over the permitted types without a default, so that a new event
 * breaks the build where it must be handled.
 */
public sealed interface MediaEvent permits MediaEvent.OfFile, WatchGap {

	/**
	 * The volume that the fact is about.
	 */
	VolumeName volume();

	/**
	 * Orders the events of one media file.
	 */
	Version version();

	/**
	 * The record key: events with the same key are in order and compact to the latest.
	 */
	byte[] key();

	/** An event about one media file. */
	sealed interface OfFile extends MediaEvent permits MediaStored, MediaDeleted {

		/**
		 * The file that the event is about.
		 */
		MediaId id();

		@Override
		default VolumeName volume() {
			return id().volume();
		}

		@Override
		default byte[] key() {
			return id().key();
		}

	}

}
