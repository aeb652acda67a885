package dev.holdfast.worker.store;

import java.io.IOException;
import java.util.Objects;

import dev.holdfast.model.Digest;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Puts in one request, where there is no object yet: small ones directly, larger ones by
 * the SDK, which asks the store before it sends them.
 */
final class WholePut {

	private final StoreProperties properties;

	private final ObjectParameters parameters;

	private final S3Client client;

	private final DirectPut direct;

	WholePut(StoreProperties properties, S3Client client, DirectCall direct) {
		this.properties = properties;
		this.parameters = properties.parameters();
		this.client = client;
		this.direct = new DirectPut(properties, direct);
	}

	PutAnswer put(PutRequest request, ContentSource content) throws StoreException, IOException, InterruptedException {
		boolean storeChecks = this.properties.checksums() == StoreProperties.Checksums.SHA256;
		if (!storeChecks && request.size() == 0 && !request.digest().equals(Digest.EMPTY)) {
			throw S3Call.refused(request.key(), "nothing is not the content of " + request.digest(), null);
		}
		try (Body body = new Body(content, 0, request.size(),
				() -> storeChecks ? Body.StreamCheck.NONE : Checks.digest(request.digest()))) {
			if (this.direct.takes(request)) {
				return this.direct.put(request, body);
			}
			PutObjectRequest put = full(request, storeChecks);
			PutObjectResponse response = S3Call.sending("put", request.key(), body, () -> this.client.putObject(put,
					RequestBody.fromContentProvider(body, request.size(), request.contentType())));
			return new PutAnswer(S3Call.unquoted(Objects.requireNonNullElse(response.eTag(), "")), response.versionId(),
					storeChecks ? request.digest().base64() : null, response.checksumSHA256());
		}
	}

	private PutObjectRequest full(PutRequest request, boolean storeChecks) {
		PutObjectRequest.Builder put = PutObjectRequest.builder()
			.bucket(this.properties.bucket())
			.key(request.key())
			.contentType(request.contentType())
			.metadata(S3Metadata.encode(request.metadata()))
			.overrideConfiguration((call) -> call.apiCallTimeout(this.properties.putTimeout(request.size())));
		this.parameters.applyTo(put);
		if (storeChecks) {
			put.checksumSHA256(request.digest().base64());
		}
		put.ifNoneMatch("*");
		return put.build();
	}

}
