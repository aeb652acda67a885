package dev.holdfast.model;

/**
 * A media file was deleted on purpose.
 *
 * @param id the file
 * @param version orders the events of this file
 * @param evidence what proves that a person or an app deleted it
 */
public record MediaDeleted(MediaId id, Version version, Evidence evidence) implements MediaEvent.OfFile {

}
