package dev.holdfast.s3endpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import com.adobe.testing.s3mock.s3.store.BucketStore;
import com.adobe.testing.s3mock.s3.store.MultipartStore;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * Makes true what S3 promises and S3Mock 5.2.0 does not keep.
 * <ul>
 * <li>A condition and the write that depends on it are one step. S3Mock looks first and
 * writes then, so that of several writers with {@code If-None-Match: *} several win. Here
 * writes to one key go one after the other.</li>
 * <li>Ending a multipart upload leaves the object under its key. S3Mock forgets the key,
 * and with it every version.</li>
 * <li>Where a delete marker hides an object there is none for {@code If-None-Match: *}.
 * S3Mock still sees it, so that a deleted file could never be put again.</li>
 * </ul>
 */
final class HonestRequests extends OncePerRequestFilter {

	private static final int STRIPES = 4096;

	private static final String UPLOAD_ID = "uploadId=";

	private final BucketStore buckets;

	private final MultipartStore uploads;

	private final DeleteMarkers markers;

	private final Lock[] locks = new Lock[STRIPES];

	HonestRequests(BucketStore buckets, MultipartStore uploads, DeleteMarkers markers) {
		this.buckets = buckets;
		this.uploads = uploads;
		this.markers = markers;
		for (int i = 0; i < STRIPES; i++) {
			this.locks[i] = new ReentrantLock();
		}
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String uploadId = uploadId(request);
		boolean sendsPart = request.getMethod().equals("PUT") && uploadId != null;
		if (sendsPart || request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
			chain.doFilter(request, response);
			return;
		}
		Lock lock = this.locks[Math.floorMod(request.getRequestURI().hashCode(), STRIPES)];
		lock.lock();
		try {
			if (request.getMethod().equals("DELETE") && uploadId != null) {
				abort(request, response, uploadId);
			}
			else {
				chain.doFilter(isCreation(request) ? new Unconditional(request) : request, response);
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** Whether the condition holds although S3Mock would say that it does not. */
	private boolean isCreation(HttpServletRequest request) {
		if (!"*".equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
			return false;
		}
		String[] path = UriUtils.decode(request.getRequestURI(), StandardCharsets.UTF_8).split("/", 3);
		return path.length == 3 && this.markers.hides(path[1], path[2]);
	}

	/** A request whose condition has been checked. */
	private static final class Unconditional extends HttpServletRequestWrapper {

		Unconditional(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable String getHeader(String name) {
			return isCondition(name) ? null : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return isCondition(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
		}

		@Override
		public Enumeration<String> getHeaderNames() {
			return Collections.enumeration(
					Collections.list(super.getHeaderNames()).stream().filter((name) -> !isCondition(name)).toList());
		}

		private static boolean isCondition(String name) {
			return HttpHeaders.IF_NONE_MATCH.equalsIgnoreCase(name);
		}

	}

	/** Not by way of getParameter, which may read the body. */
	private static @Nullable String uploadId(HttpServletRequest request) {
		String query = request.getQueryString();
		if (query == null) {
			return null;
		}
		for (String parameter : query.split("&", -1)) {
			if (parameter.startsWith(UPLOAD_ID)) {
				return parameter.substring(UPLOAD_ID.length());
			}
		}
		return null;
	}

	private void abort(HttpServletRequest request, HttpServletResponse response, String uploadId) throws IOException {
		String bucket = request.getRequestURI().split("/", 3)[1];
		try {
			this.uploads.abortMultipartUpload(this.buckets.getBucketMetadata(bucket), UUID.fromString(uploadId));
			response.setStatus(HttpServletResponse.SC_NO_CONTENT);
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			response.setStatus(HttpServletResponse.SC_NOT_FOUND);
			response.setContentType("application/xml");
			response.getWriter()
				.write("<Error><Code>NoSuchUpload</Code><Message>There is no such upload</Message></Error>");
		}
	}

}
