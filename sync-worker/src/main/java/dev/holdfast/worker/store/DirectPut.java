package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Puts small objects on the SDK's HTTP client and with its signer, but past the rest of
 * it: rules, interceptors and marshalling cost more CPU than everything else about such a
 * put, and several times that until the JVM has compiled them. The request is the same,
 * and failures are the SDK's exceptions.
 */
final class DirectPut implements AutoCloseable {

	private static final int LONGEST_ANSWER = 64 * 1024;

	/** Directory buckets want another kind of signature. */
	private static final String DIRECTORY_BUCKET = "--x-s3";

	private static final Pattern CODE = Pattern.compile("<Code>([^<]*)</Code>");

	private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");

	private final StoreProperties properties;

	private final ObjectParameters parameters;

	private final URI base;

	private final SdkHttpClient http;

	private final AwsCredentialsProvider credentials;

	private final HttpSigner<AwsCredentialsIdentity> signer = new KnownDigestAuthScheme().signer();

	private final ScheduledThreadPoolExecutor timer;

	private volatile Clock clock = Clock.systemUTC();

	DirectPut(StoreProperties properties, S3Client client) {
		this.properties = properties;
		this.parameters = properties.parameters();
		this.base = base(properties, client);
		this.http = S3Clients.http(properties).build();
		this.credentials = S3Clients.credentials(properties);
		this.timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("put-timer").factory());
		this.timer.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Where the bucket is, by the SDK's own rules.
	 * @return ends with a slash
	 */
	static URI base(StoreProperties properties, S3Client client) {
		String url = client.utilities()
			.getUrl((object) -> object.bucket(properties.bucket()).key("k"))
			.toExternalForm();
		return URI.create(url.substring(0, url.length() - 1));
	}

	/**
	 * Whether this may be used: for content that is sent without asking first, under its
	 * SHA-256.
	 */
	boolean takes(PutRequest request) {
		return request.size() > 0 && request.size() < S3Clients.ASK_FIRST_FROM.toBytes()
				&& this.properties.checksums() == StoreProperties.Checksums.SHA256
				&& !this.properties.bucket().endsWith(DIRECTORY_BUCKET);
	}

	PutAnswer put(PutRequest request, Body body) throws StoreException, IOException, InterruptedException {
		return S3Call.sending("put", request.key(), body, () -> send(request, body));
	}

	private PutAnswer send(PutRequest request, Body body) {
		ExecutableHttpRequest call = this.http.prepareRequest(HttpExecuteRequest.builder()
			.request(sign(unsigned(request), body))
			.contentStreamProvider(body)
			.build());
		long millis = this.properties.putTimeout(request.size()).toMillis();
		AtomicBoolean late = new AtomicBoolean();
		ScheduledFuture<?> timeout = this.timer.schedule(() -> {
			late.set(true);
			call.abort();
		}, millis, TimeUnit.MILLISECONDS);
		try {
			return answer(request, call.call());
		}
		catch (IOException | IllegalStateException ex) {
			throw late.get() ? ApiCallTimeoutException.create(millis) : SdkClientException.create(ex.getMessage(), ex);
		}
		finally {
			timeout.cancel(false);
		}
	}

	private SdkHttpRequest unsigned(PutRequest request) {
		SdkHttpRequest.Builder http = SdkHttpRequest.builder()
			.method(SdkHttpMethod.PUT)
			.uri(this.base)
			.encodedPath(this.base.getRawPath() + SdkHttpUtils.urlEncodeIgnoreSlashes(request.key()))
			.putHeader("User-Agent", "holdfast")
			.putHeader("Content-Length", Long.toString(request.size()))
			.putHeader("Content-Type", request.contentType())
			.putHeader(KnownDigestAuthScheme.DIGEST_HEADER, request.digest().base64());
		S3Metadata.encode(request.metadata()).forEach((name, value) -> http.putHeader("x-amz-meta-" + name, value));
		this.parameters.applyTo(http::putHeader);
		http.putHeader("If-None-Match", "*");
		return http.build();
	}

	private SdkHttpRequest sign(SdkHttpRequest request, Body body) {
		return this.signer
			.sign(SignRequest.builder((AwsCredentialsIdentity) this.credentials.resolveCredentials())
				.request(request)
				.payload(body)
				.putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
				.putProperty(AwsV4HttpSigner.REGION_NAME, this.properties.region())
				.putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
				.putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
				.putProperty(HttpSigner.SIGNING_CLOCK, this.clock)
				.build())
			.request();
	}

	private PutAnswer answer(PutRequest request, HttpExecuteResponse answer) throws IOException {
		SdkHttpResponse response = answer.httpResponse();
		byte[] said = new byte[0];
		if (answer.responseBody().isPresent()) {
			// Read to its end, so that the connection can be used again.
			try (InputStream in = answer.responseBody().get()) {
				said = in.readNBytes(LONGEST_ANSWER);
			}
		}
		if (!response.isSuccessful()) {
			throw failure(response, new String(said, StandardCharsets.UTF_8));
		}
		return new PutAnswer(S3Call.unquoted(response.firstMatchingHeader("ETag").orElse("")),
				response.firstMatchingHeader("x-amz-version-id").orElse(null), request.digest().base64(),
				response.firstMatchingHeader(KnownDigestAuthScheme.DIGEST_HEADER).orElse(null));
	}

	private S3Exception failure(SdkHttpResponse response, String said) {
		Optional<String> code = first(CODE, said);
		if (code.filter("RequestTimeTooSkewed"::equals).isPresent()) {
			followClock(response);
		}
		AwsErrorDetails.Builder details = AwsErrorDetails.builder().serviceName("S3").sdkHttpResponse(response);
		code.ifPresent(details::errorCode);
		first(MESSAGE, said).ifPresent(details::errorMessage);
		S3Exception.Builder exception = S3Exception.builder();
		exception.statusCode(response.statusCode()).awsErrorDetails(details.build());
		response.firstMatchingHeader("x-amz-request-id").ifPresent(exception::requestId);
		return (S3Exception) exception.build();
	}

	/**
	 * As the SDK does: where clocks differ by too much, the server's counts from now on.
	 */
	private void followClock(SdkHttpResponse response) {
		try {
			response.firstMatchingHeader("Date")
				.map((date) -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from))
				.ifPresent(
						(date) -> this.clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), date)));
		}
		catch (DateTimeException ex) {
			// The failure itself says what to do: the clock stays as it is.
		}
	}

	private static Optional<String> first(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.http.close();
	}

}
