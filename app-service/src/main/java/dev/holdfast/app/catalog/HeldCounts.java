package dev.holdfast.app.catalog;

/**
 * How many files have a change that was seen and not recorded.
 *
 * @param deletes deletes that wait
 * @param overwrites overwrites that wait
 * @param approved approved ones that are yet to be recorded
 * @param rejected overwrites that were rejected and are still on the volume
 */
public record HeldCounts(long deletes, long overwrites, long approved, long rejected) {

}
