/**
 * Health and metrics, each part with its reason.
 */
@NullMarked
package dev.holdfast.app.health;

import org.jspecify.annotations.NullMarked;
