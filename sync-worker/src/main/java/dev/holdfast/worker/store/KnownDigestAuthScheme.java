package dev.holdfast.worker.store;

import java.util.Base64;
import java.util.concurrent.CompletableFuture;

import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthScheme;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.PayloadChecksumStore;
import software.amazon.awssdk.http.auth.spi.signer.SdkInternalHttpSignerProperty;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/**
 * Signature version 4, with the body's SHA-256 taken from the request's own
 * {@code x-amz-checksum-sha256} where it has one, instead of computed from the body once
 * more: the event already knows it. The signature then covers the bytes over TLS, too,
 * where the SDK would leave them unsigned; and a store that knows nothing of checksum
 * headers refuses other bytes all the same.
 */
final class KnownDigestAuthScheme implements AuthScheme<AwsCredentialsIdentity> {

	static final String DIGEST_HEADER = "x-amz-checksum-sha256";

	private static final ContentStreamProvider NOTHING = ContentStreamProvider.fromByteArray(new byte[0]);

	private final AwsV4AuthScheme standard = AwsV4AuthScheme.create();

	private final HttpSigner<AwsCredentialsIdentity> signer = new KnownDigestSigner(this.standard.signer());

	@Override
	public String schemeId() {
		return this.standard.schemeId();
	}

	@Override
	public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
		return this.standard.identityProvider(providers);
	}

	@Override
	public HttpSigner<AwsCredentialsIdentity> signer() {
		return this.signer;
	}

	private record KnownDigestSigner(
			HttpSigner<AwsCredentialsIdentity> standard) implements HttpSigner<AwsCredentialsIdentity> {

		@Override
		public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
			return request.request()
				.firstMatchingHeader(DIGEST_HEADER)
				.map((base64) -> signKnowing(request, Base64.getDecoder().decode(base64)))
				.orElseGet(() -> this.standard.sign(request));
		}

		@Override
		public CompletableFuture<AsyncSignedRequest> signAsync(
				AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
			return this.standard.signAsync(request);
		}

		private SignedRequest signKnowing(SignRequest<? extends AwsCredentialsIdentity> request, byte[] digest) {
			SignedRequest signed = this.standard.sign(knowing(request, digest));
			return request.payload()
				.map((payload) -> SignedRequest.builder().request(signed.request()).payload(payload).build())
				.orElse(signed);
		}

		/**
		 * The SDK keeps computed checksums for when it signs a retry; here it finds one
		 * before it has computed any. It then writes the checksum header itself. It would
		 * all the same read and hash the body, twice, and then not look at the result: so
		 * what it gets to read is empty.
		 */
		private static <T extends AwsCredentialsIdentity> SignRequest<T> knowing(SignRequest<T> request,
				byte[] digest) {
			PayloadChecksumStore known = PayloadChecksumStore.create();
			known.putChecksumValue(DefaultChecksumAlgorithm.SHA256, digest);
			return request.toBuilder()
				.payload(NOTHING)
				.request(request.request().toBuilder().removeHeader(DIGEST_HEADER).build())
				.putProperty(AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, DefaultChecksumAlgorithm.SHA256)
				.putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, true)
				.putProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
				.putProperty(SdkInternalHttpSignerProperty.CHECKSUM_STORE, known)
				.build();
		}

	}

}
