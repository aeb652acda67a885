/**
 * app-service: owns the volumes, takes uploads, keeps the catalog and publishes the event
 * log.
 */
@NullMarked
package dev.holdfast.app;

import org.jspecify.annotations.NullMarked;
