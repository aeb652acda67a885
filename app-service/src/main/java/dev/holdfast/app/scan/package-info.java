/**
 * The scan: compares a volume with the catalog and publishes what differs.
 */
@NullMarked
package dev.holdfast.app.scan;

import org.jspecify.annotations.NullMarked;
