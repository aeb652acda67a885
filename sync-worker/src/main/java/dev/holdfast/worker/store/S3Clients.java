package dev.holdfast.worker.store;

import java.net.URI;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

import org.springframework.util.unit.DataSize;

/**
 * Makes the SDK's client as a store needs it: nothing retried (each class of failure has
 * one retry layer, and this is none), no trailing checksums (the known ones go along as
 * headers), {@code Expect: 100-continue} only where the round trip is small beside the
 * body: there it keeps a refusal from being lost in a broken pipe.
 */
final class S3Clients {

	static final DataSize ASK_FIRST_FROM = DataSize.ofMegabytes(1);

	private S3Clients() {
	}

	/**
	 * A client, to be closed by the caller. Does not touch the network.
	 */
	static S3Client create(StoreProperties properties) {
		S3ClientBuilder builder = S3Client.builder()
			.region(Region.of(properties.region()))
			.credentialsProvider(credentials(properties))
			.forcePathStyle(properties.usesPathStyle())
			.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
			.responseChecksumValidation((properties.checksums() == StoreProperties.Checksums.SHA256)
					? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED)
			.serviceConfiguration((s3) -> s3.chunkedEncodingEnabled(false)
				.expectContinueEnabled(true)
				.expectContinueThresholdInBytes(ASK_FIRST_FROM.toBytes()))
			.overrideConfiguration((override) -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
			.putAuthScheme(new KnownDigestAuthScheme())
			.httpClientBuilder(http(properties));
		URI endpoint = properties.endpoint();
		if (endpoint != null) {
			builder.endpointOverride(endpoint);
		}
		return builder.build();
	}

	/**
	 * The HTTP client below it.
	 */
	static Apache5HttpClient.Builder http(StoreProperties properties) {
		return Apache5HttpClient.builder()
			.maxConnections(properties.maxConnections())
			.connectionTimeout(properties.connectTimeout())
			.connectionAcquisitionTimeout(properties.socketTimeout())
			.socketTimeout(properties.socketTimeout())
			.tcpKeepAlive(true)
			.expectContinueEnabled(false);
	}

	/**
	 * Who this is.
	 */
	static AwsCredentialsProvider credentials(StoreProperties properties) {
		String accessKey = properties.accessKey();
		String secretKey = properties.secretKey();
		return (accessKey != null && secretKey != null)
				? StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey))
				: DefaultCredentialsProvider.builder().build();
	}

}
