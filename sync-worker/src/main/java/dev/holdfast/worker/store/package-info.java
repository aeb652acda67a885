/**
 * The object store port and its adapters. The only package that knows of S3.
 */
@NullMarked
package dev.holdfast.worker.store;

import org.jspecify.annotations.NullMarked;
