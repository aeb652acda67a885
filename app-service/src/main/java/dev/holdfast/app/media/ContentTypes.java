package dev.holdfast.app.media;

import java.util.Set;

import dev.holdfast.model.MediaStored;
import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;

/**
 * Content types of media files.
 */
public final class ContentTypes {

	/** What clients send that do not know what they send. */
	private static final Set<String> SAYS_NOTHING = Set.of("application/octet-stream",
			"application/x-www-form-urlencoded");

	private ContentTypes() {
	}

	/**
	 * The content type by the ending of a file's name.
	 */
	public static String byName(String fileName) {
		return MediaTypeFactory.getMediaType(fileName).map(MediaType::toString).orElse(MediaStored.UNKNOWN_TYPE);
	}

	/**
	 * The content type that the client says, or the one by name where it says none that
	 * means anything.
	 */
	static String of(@Nullable String said, String fileName) {
		if (said == null || said.isBlank()) {
			return byName(fileName);
		}
		try {
			MediaType type = MediaType.parseMediaType(said);
			String plain = type.getType() + "/" + type.getSubtype();
			return (!type.isConcrete() || SAYS_NOTHING.contains(plain)) ? byName(fileName) : type.toString();
		}
		catch (InvalidMediaTypeException ex) {
			return byName(fileName);
		}
	}

	/**
	 * Whether a browser that opens it runs no script from it: everything else is offered
	 * for download.
	 */
	static boolean isPassive(String contentType) {
		MediaType type = MediaType.parseMediaType(contentType);
		return switch (type.getType()) {
			case "image" -> !type.getSubtype().contains("svg") && !type.getSubtype().contains("xml");
			case "audio", "video" -> true;
			case "text" -> type.getSubtype().equals("plain");
			case "application" -> type.getSubtype().equals("pdf");
			default -> false;
		};
	}

}
