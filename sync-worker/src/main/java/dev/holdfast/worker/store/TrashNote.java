package dev.holdfast.worker.store;

import java.time.Instant;

import dev.holdfast.model.Version;

/**
 * Why an object is in the trash, written beside it: nothing without such a note is ever
 * taken out of there.
 *
 * @param deleted the version of the delete that it was moved aside for
 * @param at when it was moved
 */
public record TrashNote(Version deleted, Instant at) {

}
