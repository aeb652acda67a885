/**
 * What only Linux itself tells: inotify, and whether anyone has a file open for writing.
 * A small binding of the C library through the foreign function API; nothing outside this
 * package sees a native address. None of it may be used where {@link Linux#isPresent()}
 * is false.
 */
@NullMarked
package dev.holdfast.app.linux;

import org.jspecify.annotations.NullMarked;
