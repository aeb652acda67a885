package dev.holdfast.app.api;

import java.io.IOException;

/**
 * The client closed the connection before the request or the answer was complete.
 */
public final class ClientGoneException extends IOException {

	/**
	 * The client is gone.
	 */
	public ClientGoneException(IOException cause) {
		super(cause);
	}

}
