package dev.holdfast.worker.store;

/**
 * An object in the trash.
 *
 * @param object the copy, with the metadata of the replica that it is a copy of
 * @param note why it is there
 */
public record Trashed(StoredObject object, TrashNote note) {

}
