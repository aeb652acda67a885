/**
 * Events that no more attempts are made for, and how a person sends them round again.
 */
@NullMarked
package dev.holdfast.worker.deadletter;

import org.jspecify.annotations.NullMarked;
