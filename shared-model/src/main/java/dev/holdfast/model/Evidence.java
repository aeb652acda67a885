package dev.holdfast.model;

/**
 * What proves that a file was deleted on purpose. Absence is none of these: a file that
 * is merely gone is missing, not deleted.
 */
public enum Evidence {

	/** A client asked for it through the API. */
	API_REQUEST,

	/** The watcher saw the delete on a volume whose marker was in place. */
	OBSERVED,

	/** A person approved a delete that had been held. */
	APPROVED

}
