package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Puts small objects by {@link DirectCall}.
 */
final class DirectPut {

	private final StoreProperties properties;

	private final ObjectParameters parameters;

	private final DirectCall direct;

	DirectPut(StoreProperties properties, DirectCall direct) {
		this.properties = properties;
		this.parameters = properties.parameters();
		this.direct = direct;
	}

	/**
	 * Whether this may be used: for content that is sent without asking first, under its
	 * SHA-256.
	 */
	boolean takes(PutRequest request) {
		return request.size() > 0 && request.size() < S3Clients.ASK_FIRST_FROM.toBytes()
				&& this.properties.checksums() == StoreProperties.Checksums.SHA256 && this.direct.mayBeUsed();
	}

	PutAnswer put(PutRequest request, Body body) throws StoreException, IOException, InterruptedException {
		return S3Call.sending("put", request.key(), body, () -> this.direct.send(unsigned(request), body,
				this.properties.putTimeout(request.size()), (response, said) -> answer(request, response, said)));
	}

	private SdkHttpRequest unsigned(PutRequest request) {
		SdkHttpRequest.Builder http = SdkHttpRequest.builder()
			.method(SdkHttpMethod.PUT)
			.uri(this.direct.base())
			.encodedPath(this.direct.base().getRawPath() + SdkHttpUtils.urlEncodeIgnoreSlashes(request.key()))
			.putHeader("User-Agent", "holdfast")
			.putHeader("Content-Length", Long.toString(request.size()))
			.putHeader("Content-Type", request.contentType())
			.putHeader(KnownDigestAuthScheme.DIGEST_HEADER, request.digest().base64());
		S3Metadata.encode(request.metadata()).forEach((name, value) -> http.putHeader("x-amz-meta-" + name, value));
		this.parameters.applyTo(http::putHeader);
		http.putHeader("If-None-Match", "*");
		return http.build();
	}

	private static PutAnswer answer(PutRequest request, SdkHttpResponse response, InputStream said) throws IOException {
		said.transferTo(OutputStream.nullOutputStream());
		return new PutAnswer(S3Call.unquoted(response.firstMatchingHeader("ETag").orElse("")),
				response.firstMatchingHeader("x-amz-version-id").orElse(null), request.digest().base64(),
				response.firstMatchingHeader(KnownDigestAuthScheme.DIGEST_HEADER).orElse(null));
	}

}
