package dev.holdfast.app.media;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

import dev.holdfast.app.api.ClientGoneException;
import dev.holdfast.model.MediaId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.ContentDisposition;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves media files.
 */
@RestController
class MediaReadController {

	private static final int BUFFER_BYTES = 64 * 1024;

	/** Days have two digits here, which {@code RFC_1123_DATE_TIME} does not write. */
	private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter
		.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private final MediaReader reader;

	MediaReadController(MediaReader reader) {
		this.reader = reader;
	}

	/**
	 * The file, or the parts of it that are asked for. Answers HEAD too.
	 */
	@GetMapping("/api/v1/media/{volume}/{*path}")
	void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
		MediaId id = MediaPaths.file(request.getRequestURI());
		Preconditions preconditions = Preconditions.of(request);
		try (OpenMedia media = this.reader.open(id)) {
			preconditions.requireMatch(Optional.of(media));
			describe(media, response);
			if (isNotModified(request, preconditions, media)) {
				response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
				return;
			}
			ByteRanges ranges = ByteRanges.of(request, media);
			boolean withBody = !"HEAD".equals(request.getMethod());
			response.setContentType(media.contentType());
			switch (ranges.parts().size()) {
				case 0 -> {
					response.setHeader("Repr-Digest", DigestFields.value(media.digest()));
					response.setContentLengthLong(media.size());
					if (withBody) {
						send(media.channel(), 0, media.size(), response);
					}
				}
				case 1 -> sendPart(media, ranges.parts().getFirst(), response, withBody);
				default -> sendParts(media, ranges.parts(), response, withBody);
			}
		}
	}

	private static boolean isNotModified(HttpServletRequest request, Preconditions preconditions, OpenMedia media)
			throws IOException {
		if (preconditions.noneMatch().given()) {
			return preconditions.isMatchedByNone(Optional.of(media));
		}
		Instant since = Preconditions.date(request.getHeader("If-Modified-Since"));
		return since != null && !media.modified().truncatedTo(ChronoUnit.SECONDS).isAfter(since);
	}

	private static void describe(OpenMedia media, HttpServletResponse response) {
		response.setHeader("ETag", EntityTags.tag(media.digest()));
		response.setHeader("Last-Modified", HTTP_DATE.format(media.modified()));
		response.setHeader("Accept-Ranges", "bytes");
		response.setHeader("Cache-Control", "private, no-cache");
		// What people upload is shown as what it is, and runs nothing.
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
		if (!ContentTypes.isPassive(media.contentType())) {
			response.setHeader("Content-Disposition",
					ContentDisposition.attachment()
						.filename(media.id().fileName(), StandardCharsets.UTF_8)
						.build()
						.toString());
		}
	}

	private static void sendPart(OpenMedia media, ByteRanges.Part part, HttpServletResponse response, boolean withBody)
			throws IOException {
		response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
		response.setHeader("Content-Range", part.contentRange(media.size()));
		response.setContentLengthLong(part.length());
		if (withBody) {
			send(media.channel(), part.first(), part.length(), response);
		}
	}

	private static void sendParts(OpenMedia media, List<ByteRanges.Part> parts, HttpServletResponse response,
			boolean withBody) throws IOException {
		String boundary = "holdfast-" + UUID.randomUUID();
		byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
		List<byte[]> heads = new ArrayList<>();
		long length = end.length;
		for (ByteRanges.Part part : parts) {
			byte[] head = ("\r\n--" + boundary + "\r\nContent-Type: " + media.contentType() + "\r\nContent-Range: "
					+ part.contentRange(media.size()) + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII);
			heads.add(head);
			length += head.length + part.length();
		}
		response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
		response.setContentType("multipart/byteranges; boundary=" + boundary);
		response.setContentLengthLong(length);
		if (withBody) {
			for (int i = 0; i < parts.size(); i++) {
				write(response.getOutputStream(), heads.get(i), heads.get(i).length);
				send(media.channel(), parts.get(i).first(), parts.get(i).length(), response);
			}
			write(response.getOutputStream(), end, end.length);
		}
	}

	private static void send(FileChannel from, long position, long length, HttpServletResponse response)
			throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, Math.max(1, length)));
		OutputStream to = response.getOutputStream();
		for (long sent = 0; sent < length;) {
			buffer.clear().limit((int) Math.min(buffer.capacity(), length - sent));
			int read = from.read(buffer, position + sent);
			if (read < 0) {
				// Breaks the connection, so that the client sees that the rest is
				// missing.
				throw new EOFException("The file became shorter while it was sent");
			}
			write(to, buffer.array(), read);
			sent += read;
		}
	}

	private static void write(OutputStream to, byte[] bytes, int length) throws IOException {
		try {
			to.write(bytes, 0, length);
		}
		catch (IOException ex) {
			throw new ClientGoneException(ex);
		}
	}

}
