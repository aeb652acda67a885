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

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Requests on the SDK's HTTP client and with its signer, but past the rest of it: rules,
 * interceptors and marshalling cost more CPU than everything else about a small request,
 * and several times that until the JVM has compiled them. The request is the same, and
 * failures are the SDK's exceptions.
 */
final class DirectCall implements AutoCloseable {

	private static final int LONGEST_ERROR = 64 * 1024;

	/** Directory buckets want another kind of signature. */
	private static final String DIRECTORY_BUCKET = "--x-s3";

	private static final Pattern CODE = Pattern.compile("<Code>([^<]*)</Code>");

	private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");

	private final StoreProperties properties;

	private final URI base;

	private final SdkHttpClient http;

	private final AwsCredentialsProvider credentials;

	private final HttpSigner<AwsCredentialsIdentity> signer = new KnownDigestAuthScheme().signer();

	private final ScheduledThreadPoolExecutor timer;

	private volatile Clock clock = Clock.systemUTC();

	DirectCall(StoreProperties properties, S3Client client) {
		this.properties = properties;
		this.base = base(properties, client);
		this.http = S3Clients.http(properties).build();
		this.credentials = S3Clients.credentials(properties);
		this.timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("s3-timer").factory());
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
	 * Reads a successful answer, to its end, so that its connection can be used again.
	 */
	@FunctionalInterface
	interface Reader<T> {

		T read(SdkHttpResponse response, InputStream body) throws IOException;

	}

	/**
	 * Whether this bucket may be spoken to so.
	 */
	boolean mayBeUsed() {
		return !this.properties.bucket().endsWith(DIRECTORY_BUCKET);
	}

	/**
	 * Where the bucket is; ends with a slash.
	 */
	URI base() {
		return this.base;
	}

	/**
	 * Sends a request and reads the answer.
	 * @param unsigned the request
	 * @param body what is sent with it, under the SHA-256 that a header of the request
	 * names
	 * @param within how long all of it may take
	 * @throws software.amazon.awssdk.core.exception.SdkException where there is no answer
	 * or the answer is a failure
	 */
	<T> T send(SdkHttpRequest unsigned, @Nullable Body body, Duration within, Reader<T> reader) {
		HttpExecuteRequest.Builder request = HttpExecuteRequest.builder().request(sign(unsigned, body));
		if (body != null) {
			request.contentStreamProvider(body);
		}
		ExecutableHttpRequest call = this.http.prepareRequest(request.build());
		AtomicBoolean late = new AtomicBoolean();
		ScheduledFuture<?> timeout = this.timer.schedule(() -> {
			late.set(true);
			call.abort();
		}, within.toMillis(), TimeUnit.MILLISECONDS);
		try {
			return answer(call.call(), reader);
		}
		catch (IOException | IllegalStateException ex) {
			throw late.get() ? ApiCallTimeoutException.create(within.toMillis())
					: SdkClientException.create(ex.getMessage(), ex);
		}
		finally {
			timeout.cancel(false);
		}
	}

	private SdkHttpRequest sign(SdkHttpRequest request, @Nullable Body body) {
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

	private <T> T answer(HttpExecuteResponse answer, Reader<T> reader) throws IOException {
		SdkHttpResponse response = answer.httpResponse();
		try (InputStream body = answer.responseBody().isPresent() ? answer.responseBody().get()
				: InputStream.nullInputStream()) {
			if (!response.isSuccessful()) {
				throw failure(response, new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8));
			}
			return reader.read(response, body);
		}
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
