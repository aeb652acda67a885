/**
 * Brings a store to what the topic says: an emptied one, a damaged one, a new one.
 */
@NullMarked
package dev.holdfast.worker.replay;

import org.jspecify.annotations.NullMarked;
