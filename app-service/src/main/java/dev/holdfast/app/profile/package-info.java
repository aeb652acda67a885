/**
 * Profiles: what an application keeps where, which of its files are looked after, and
 * why.
 */
@NullMarked
package dev.holdfast.app.profile;

import org.jspecify.annotations.NullMarked;
