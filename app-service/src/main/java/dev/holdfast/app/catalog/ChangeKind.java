package dev.holdfast.app.catalog;

/**
 * What others may do to a known file.
 */
public enum ChangeKind {

	/** It is gone. */
	DELETE,

	/** It has other bytes. */
	OVERWRITE

}
