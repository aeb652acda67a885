package dev.holdfast.app.profile;

/**
 * A glob with the reason for it.
 *
 * @param glob which files, see {@link Glob}
 * @param reason why, for the person who reads what a profile does
 */
public record Rule(Glob glob, String reason) {

}
