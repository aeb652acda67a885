/**
 * The catalog: app-service's local projection of the event log and the ledger, and the
 * outbox beside it. Disposable: rebuilt from the topics and the volume.
 */
@NullMarked
package dev.holdfast.app.catalog;

import org.jspecify.annotations.NullMarked;
