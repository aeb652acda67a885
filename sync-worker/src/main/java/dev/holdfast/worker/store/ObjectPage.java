package dev.holdfast.worker.store;

import java.util.List;

/**
 * A page of a listing.
 *
 * @param objects in the order of their keys' UTF-8 bytes
 * @param last whether no further page follows
 */
public record ObjectPage(List<Entry> objects, boolean last) {

	public ObjectPage {
		objects = List.copyOf(objects);
	}

	/**
	 * What a listing tells of an object.
	 *
	 * @param key its key
	 * @param size its length in bytes
	 * @param etag its entity tag, without the quotes that HTTP puts around it
	 */
	public record Entry(String key, long size, String etag) {
	}

}
