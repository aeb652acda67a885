/**
 * What all of the HTTP API shares: the token, problem details and the OpenAPI document.
 */
@NullMarked
package dev.holdfast.app.api;

import org.jspecify.annotations.NullMarked;
