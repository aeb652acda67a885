package dev.holdfast.app.api;

import java.net.URI;
import java.util.Locale;

/**
 * The kinds of problem that the API answers with (RFC 9457). Clients may rely on the type
 * and the status; titles and details are for people.
 */
public enum ProblemType {

	/** A path or volume name that cannot name a media file. */
	INVALID_PATH(400, "Not a media path"),
	/** A header field or parameter that says nothing we understand. */
	INVALID_REQUEST(400, "Malformed request"),
	/** No token, or not the right one. */
	UNAUTHORIZED(401, "Token needed"),
	/** A symbolic link is on the path. */
	SYMBOLIC_LINK(403, "Symbolic links are not followed"),
	/** The operating system does not let app-service do it. */
	NO_PERMISSION(403, "No permission on the volume"),
	/** The volume is one that Holdfast never writes to. */
	VOLUME_READ_ONLY(403, "The volume is read-only"),
	/** Files may not be migrated from that folder. */
	SOURCE_NOT_ALLOWED(403, "Not a folder to migrate from"),
	/** There is no media file of that name. */
	NO_SUCH_MEDIA(404, "No such media file"),
	/** There is no volume of that name. */
	NO_SUCH_VOLUME(404, "No such volume"),
	/** There is no migration of that id. */
	NO_SUCH_MIGRATION(404, "No such migration"),
	/** There is nothing at this address. */
	NOT_FOUND(404, "Nothing here"),
	/** The address does not take this method. */
	METHOD_NOT_ALLOWED(405, "Method not allowed"),
	/** None of the types that the client accepts can be had. */
	NOT_ACCEPTABLE(406, "Not acceptable"),
	/** The client stopped sending. */
	REQUEST_TIMEOUT(408, "The request did not arrive in time"),
	/** There is no hold that could be decided. */
	NOTHING_HELD(409, "Nothing is held"),
	/** A directory is where the file should be, or a file where a directory should be. */
	PATH_CONFLICT(409, "Something else is in the way"),
	/** Another migration to the same volume goes on. */
	MIGRATION_RUNNING(409, "A migration is going on"),
	/** If-Match, If-None-Match or If-Unmodified-Since does not hold. */
	PRECONDITION_FAILED(412, "Precondition failed"),
	/** The upload is larger than allowed. */
	TOO_LARGE(413, "Too large"),
	/** The body is of a form that is not taken here. */
	UNSUPPORTED_MEDIA_TYPE(415, "Body of a form that is not taken here"),
	/** No byte of the requested range exists. */
	RANGE_NOT_SATISFIABLE(416, "Range not satisfiable"),
	/** The bytes that arrived are not those of the digest sent along. */
	DIGEST_MISMATCH(422, "Digest mismatch"),
	/** Something went wrong that is no one's fault but ours. */
	INTERNAL_ERROR(500, "Internal error"),
	/** The volume cannot be used now. */
	VOLUME_NOT_AVAILABLE(503, "Volume not available"),
	/** Another program keeps writing to the file. */
	BEING_WRITTEN(503, "The file is being written"),
	/** Something that is needed is not there now. */
	UNAVAILABLE(503, "Not available"),
	/** The volume or the data directory is full. */
	INSUFFICIENT_STORAGE(507, "No space left");

	private final int status;

	private final String title;

	ProblemType(int status, String title) {
		this.status = status;
		this.title = title;
	}

	/**
	 * The type that fits a status that was not set by us.
	 */
	static ProblemType ofStatus(int status) {
		return switch (status) {
			case 401 -> UNAUTHORIZED;
			case 403 -> NO_PERMISSION;
			case 404 -> NOT_FOUND;
			case 405 -> METHOD_NOT_ALLOWED;
			case 406 -> NOT_ACCEPTABLE;
			case 408 -> REQUEST_TIMEOUT;
			case 412 -> PRECONDITION_FAILED;
			case 413 -> TOO_LARGE;
			case 415 -> UNSUPPORTED_MEDIA_TYPE;
			case 416 -> RANGE_NOT_SATISFIABLE;
			case 503 -> UNAVAILABLE;
			case 507 -> INSUFFICIENT_STORAGE;
			default -> (status >= 400 && status < 500) ? INVALID_REQUEST : INTERNAL_ERROR;
		};
	}

	/**
	 * The HTTP status.
	 */
	public int status() {
		return this.status;
	}

	/**
	 * What it is, in a few words.
	 */
	public String title() {
		return this.title;
	}

	/**
	 * The identifier of the type. It is a name: nothing has to be there.
	 */
	public URI uri() {
		return URI.create("https://holdfast.dev/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
	}

}
