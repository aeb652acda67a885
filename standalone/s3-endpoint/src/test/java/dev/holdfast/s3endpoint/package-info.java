@NullMarked
package dev.holdfast.s3endpoint;

import org.jspecify.annotations.NullMarked;
