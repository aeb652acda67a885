package dev.holdfast.app.media;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.catalog.ReplicaState;
import dev.holdfast.app.volume.StagedFile;
import dev.holdfast.model.MediaId;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes uploads and deletes. Parameters are read from the request as it was sent: see
 * {@link MediaPaths}.
 */
@RestController
class MediaWriteController {

	private final MediaStore store;

	private final UploadSettings settings;

	private final MultipartUploads multipart;

	MediaWriteController(MediaStore store, UploadSettings settings, MultipartUploads multipart) {
		this.store = store;
		this.settings = settings;
		this.multipart = multipart;
	}

	/**
	 * Stores the body as the file.
	 */
	@PutMapping("/api/v1/media/{volume}/{*path}")
	ResponseEntity<UploadResult> put(HttpServletRequest request) throws IOException {
		MediaId id = MediaPaths.file(request.getRequestURI());
		this.store.volume(id.volume());
		requireRaw(request);
		long declared = request.getContentLengthLong();
		if (declared > this.settings.maxSize().toBytes()) {
			throw BodyReader.tooLarge(this.settings.maxSize());
		}
		Preconditions preconditions = Preconditions.of(request);
		DigestFields digests = DigestFields.of(request);
		this.store.precheck(id, preconditions);
		MediaStore.Stored stored;
		try (StagedFile staged = this.store.volume(id.volume()).stage(digests.further())) {
			BodyReader.copy(request.getInputStream(), staged, this.settings.maxSize());
			staged.finish();
			digests.verify(staged.digest());
			stored = this.store.store(id, staged, ContentTypes.of(request.getContentType(), id.fileName()),
					preconditions);
		}
		Optional<Duration> wait;
		ReplicaState state = ReplicaState.PENDING;
		try (WaitingClients.Granted granted = this.store.grant(Prefer.waitOf(request, this.settings.maxWait()))) {
			wait = granted.atMost();
			if (wait.isPresent()) {
				state = this.store.await(stored.event(), wait.get());
			}
		}
		UploadResult result = UploadResult.of(stored.event(), state);
		ResponseEntity.BodyBuilder answer = ResponseEntity.status(stored.created() ? 201 : 200)
			.contentType(MediaType.APPLICATION_JSON)
			.header(HttpHeaders.ETAG, EntityTags.tag(stored.event().digest()))
			.header("Repr-Digest", DigestFields.value(stored.event().digest()))
			.header(HttpHeaders.LOCATION, MediaPaths.self(id));
		wait.ifPresent((atMost) -> answer.header("Preference-Applied", "wait=" + atMost.toSeconds()));
		return answer.body(result);
	}

	/**
	 * Stores each file of a multipart body in the directory.
	 */
	@PostMapping({ "/api/v1/media/{volume}", "/api/v1/media/{volume}/{*path}" })
	ResponseEntity<List<UploadResult>> post(HttpServletRequest request) throws IOException {
		MediaPaths.Directory directory = MediaPaths.directory(request.getRequestURI());
		this.store.volume(directory.volume());
		requireIdentity(request);
		String type = String.valueOf(request.getContentType());
		if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
			throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE,
					"POST takes multipart/form-data: send the bytes of one file by PUT to its own address")
				.withHeader("Accept-Post", "multipart/form-data");
		}
		MultipartUploads.Result result = this.multipart.store(directory, request);
		ResponseEntity.BodyBuilder answer = ResponseEntity.status(result.created() ? 201 : 200)
			.contentType(MediaType.APPLICATION_JSON);
		result.waited().ifPresent((granted) -> answer.header("Preference-Applied", "wait=" + granted.toSeconds()));
		return answer.body(result.files());
	}

	/**
	 * Deletes the file.
	 */
	@DeleteMapping("/api/v1/media/{volume}/{*path}")
	ResponseEntity<Void> delete(HttpServletRequest request) throws IOException {
		this.store.delete(MediaPaths.file(request.getRequestURI()), Preconditions.of(request));
		return ResponseEntity.noContent().build();
	}

	private static void requireRaw(HttpServletRequest request) {
		String type = request.getContentType();
		if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
			throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE,
					"PUT takes the bytes of the file as they are: send multipart/form-data by POST to the directory");
		}
		if (request.getHeader("Content-Range") != null) {
			throw new ProblemException(ProblemType.INVALID_REQUEST,
					"A part of a file cannot be stored (Content-Range): send all of it");
		}
		requireIdentity(request);
	}

	private static void requireIdentity(HttpServletRequest request) {
		String coding = request.getHeader("Content-Encoding");
		if (coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
			throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE,
					"Files are stored as they are: send the body without Content-Encoding")
				.withHeader("Accept-Encoding", "identity");
		}
	}

}
