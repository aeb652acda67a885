package dev.holdfast.app.media;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.catalog.ReplicaState;
import dev.holdfast.app.volume.StagedFile;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Takes the files of a multipart body, each streamed into the staging directory as it
 * arrives. None gets its name before all have arrived; a failure until then stores none.
 */
@Component
final class MultipartUploads {

	private final MediaStore store;

	private final UploadSettings settings;

	MultipartUploads(MediaStore store, UploadSettings settings) {
		this.store = store;
		this.settings = settings;
	}

	Result store(MediaPaths.Directory directory, HttpServletRequest request) throws IOException {
		Preconditions preconditions = Preconditions.of(request);
		DigestFields digests = DigestFields.of(request);
		List<Arrived> arrived = new ArrayList<>();
		try {
			receive(directory, request, preconditions, digests, arrived);
			List<MediaStore.Stored> stored = storeAll(arrived, preconditions);
			try (WaitingClients.Granted wait = this.store.grant(Prefer.waitOf(request, this.settings.maxWait()))) {
				return result(stored, wait.atMost());
			}
		}
		finally {
			for (Arrived one : arrived) {
				one.staged().close();
			}
		}
	}

	private void receive(MediaPaths.Directory directory, HttpServletRequest request, Preconditions preconditions,
			DigestFields digests, List<Arrived> arrived) throws IOException {
		Set<MediaId> ids = new HashSet<>();
		HashedBody body = new HashedBody(request.getInputStream(), digests);
		FileItemIterator parts = parts(request, body);
		for (FileItemStream part = next(parts); part != null; part = next(parts)) {
			String name = part.getName();
			if (part.isFormField() || name == null || name.isEmpty()) {
				continue;
			}
			MediaId id = directory.file(name);
			if (name.indexOf('\ufffd') >= 0) {
				throw new ProblemException(ProblemType.INVALID_PATH, "The file name of a part is not UTF-8");
			}
			if (!ids.add(id)) {
				throw new ProblemException(ProblemType.INVALID_REQUEST,
						"Two parts have the file name '" + id.fileName() + "': nothing was stored");
			}
			if (ids.size() > this.settings.maxFiles()) {
				throw new ProblemException(ProblemType.TOO_LARGE,
						"An upload may hold " + this.settings.maxFiles() + " files: nothing was stored");
			}
			this.store.precheck(id, preconditions);
			StagedFile staged = this.store.volume(id.volume()).stage(null);
			arrived.add(new Arrived(id, staged, ContentTypes.of(part.getContentType(), id.fileName())));
			BodyReader.copy(open(part), staged, this.settings.maxSize());
			staged.finish();
		}
		if (arrived.isEmpty()) {
			throw new ProblemException(ProblemType.INVALID_REQUEST,
					"The body holds no file: a part with a file name is needed");
		}
		digests.verify(body.finish());
	}

	private List<MediaStore.Stored> storeAll(List<Arrived> arrived, Preconditions preconditions) throws IOException {
		List<MediaStore.Stored> stored = new ArrayList<>();
		for (Arrived one : arrived) {
			try {
				stored.add(this.store.store(one.id(), one.staged(), one.contentType(), preconditions));
			}
			catch (ProblemException | IOException ex) {
				// Some may be stored already, and the client has to know which.
				throw ProblemException.of(ex)
					.withMember("stored", result(stored, Optional.empty()).files())
					.withMember("failed", MediaPaths.self(one.id()));
			}
		}
		return stored;
	}

	private Result result(List<MediaStore.Stored> stored, Optional<Duration> wait) {
		long deadline = System.nanoTime() + wait.orElse(Duration.ZERO).toNanos();
		List<UploadResult> files = new ArrayList<>();
		for (MediaStore.Stored one : stored) {
			Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
			files.add(UploadResult.of(one.event(),
					wait.isPresent() ? this.store.await(one.event(), left) : ReplicaState.PENDING));
		}
		return new Result(files, stored.stream().anyMatch(MediaStore.Stored::created), wait);
	}

	private FileItemIterator parts(HttpServletRequest request, InputStream body) throws IOException {
		FileUpload upload = new FileUpload();
		upload.setHeaderEncoding(StandardCharsets.UTF_8.name());
		try {
			return upload.getItemIterator(new UploadContext() {
				@Override
				public long contentLength() {
					return request.getContentLengthLong();
				}

				@Override
				public String getCharacterEncoding() {
					return StandardCharsets.UTF_8.name();
				}

				@Override
				public @Nullable String getContentType() {
					return request.getContentType();
				}

				@Override
				public InputStream getInputStream() {
					return body;
				}
			});
		}
		catch (FileUploadException ex) {
			throw BodyReader.failure(ex);
		}
	}

	private static @Nullable FileItemStream next(FileItemIterator parts) throws IOException {
		try {
			return parts.hasNext() ? parts.next() : null;
		}
		catch (IOException ex) {
			throw BodyReader.failure(ex);
		}
	}

	private static InputStream open(FileItemStream part) throws IOException {
		try {
			return part.openStream();
		}
		catch (IOException ex) {
			throw BodyReader.failure(ex);
		}
	}

	/**
	 * What became of an upload.
	 *
	 * @param files the files, in their order in the body
	 * @param created whether one of them did not exist before
	 * @param waited how long was waited for at most, where the client asked for it
	 */
	record Result(List<UploadResult> files, boolean created, Optional<Duration> waited) {

	}

	private record Arrived(MediaId id, StagedFile staged, String contentType) {

	}

	/**
	 * Hashes the whole body as it passes, boundaries included: that is what the digest
	 * fields of the request are about.
	 */
	private static final class HashedBody extends FilterInputStream {

		private final MessageDigest sha256 = Digest.newSha256();

		private final DigestFields digests;

		HashedBody(InputStream body, DigestFields digests) {
			super(body);
			this.digests = digests;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			int read = super.read(buffer, offset, length);
			if (read > 0 && !this.digests.expected().isEmpty()) {
				this.sha256.update(buffer, offset, read);
				this.digests.sha512().ifPresent((sha512) -> sha512.update(buffer, offset, read));
			}
			return read;
		}

		/**
		 * Reads what comes after the last part.
		 * @return the digest of everything
		 */
		Digest finish() throws IOException {
			try {
				transferTo(OutputStream.nullOutputStream());
			}
			catch (IOException ex) {
				throw BodyReader.failure(ex);
			}
			return Digest.ofSha256(this.sha256.digest());
		}

	}

}
