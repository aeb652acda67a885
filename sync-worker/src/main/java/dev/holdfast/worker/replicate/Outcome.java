package dev.holdfast.worker.replicate;

import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.Version;
import dev.holdfast.worker.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * How an event ended that was carried out on a store. What failed is not among them: that
 * is an exception, and for its {@linkplain dev.holdfast.model.FailureClass class} to
 * decide.
 */
public sealed interface Outcome {

	/**
	 * The store accepted the bytes under their digest.
	 *
	 * @param object the object as the store confirmed it
	 */
	record Replicated(StoredObject object) implements Outcome {
	}

	/**
	 * The store had this very version already.
	 *
	 * @param object the object as the store has it
	 */
	record AlreadyThere(StoredObject object) implements Outcome {
	}

	/**
	 * There is a later version, or the file is no longer what the event says, so that
	 * another event covers it.
	 *
	 * @param why what was seen, for the log
	 * @param by the later version, where it is known
	 */
	record Superseded(String why, @Nullable Version by) implements Outcome {
	}

	/**
	 * A delete was carried out.
	 *
	 * @param disposition what became of the replica
	 * @param objectVersion the version id of the delete marker, where there is one
	 */
	record Removed(ReplicaRemoved.Disposition disposition, @Nullable String objectVersion) implements Outcome {
	}

	/** The event asks nothing of a store. */
	record NothingToDo() implements Outcome {
	}

}
