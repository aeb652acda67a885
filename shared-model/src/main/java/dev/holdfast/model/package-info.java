/**
 * What travels between app-service and sync-worker: events, ids, digests, key mapping,
 * topic names and wire format. Depends on the JDK and Jackson only.
 */
@NullMarked
package dev.holdfast.model;

import org.jspecify.annotations.NullMarked;
