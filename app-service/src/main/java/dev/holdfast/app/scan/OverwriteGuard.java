package dev.holdfast.app.scan;

import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.guard.Admission;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;

/**
 * Asked before other bytes of a known file are recorded, so that an overwrite that looks
 * like an accident or an attack does not reach the replicas. New files are not asked for.
 */
@FunctionalInterface
public interface OverwriteGuard {

	/** Admits everything. */
	OverwriteGuard NONE = (_, _, _, _) -> Admission.ADMITTED;

	/**
	 * Asked with the file locked, after its bytes were read and found to be others than
	 * those recorded. Asked again for the same bytes, when a held file is looked at
	 * again.
	 * @param known what is recorded of the file
	 * @param now what the file system says of it
	 * @param found the digest of its bytes
	 */
	Admission admitOverwrite(MediaId id, CatalogEntry known, FileStamp now, Digest found);

}
