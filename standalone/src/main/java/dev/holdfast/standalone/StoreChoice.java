package dev.holdfast.standalone;

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which bucket receives the replicas.
 * <ul>
 * <li>{@code USE_S3=false}: the local endpoint, whatever else is set.</li>
 * <li>A bucket is named ({@code AWS_STORAGE_BUCKET_NAME} or
 * {@code HOLDFAST_STORE_BUCKET}): that one, at {@code AWS_S3_ENDPOINT_URL} where that is
 * set.</li>
 * <li>{@code USE_S3=true} or an endpoint without a bucket: refused. Where the replicas go
 * is not to be guessed.</li>
 * <li>Otherwise: the local endpoint.</li>
 * </ul>
 */
sealed interface StoreChoice {

	/** What the local bucket is called. */
	String LOCAL_BUCKET = "holdfast";

	/** The region that the local endpoint is in. */
	String LOCAL_REGION = "us-east-1";

	/**
	 * Decides by the environment.
	 */
	static StoreChoice of(Environment environment) {
		String use = environment.get("USE_S3").orElse("").toLowerCase(Locale.ROOT);
		if (Set.of("false", "0", "no", "off", "f", "n").contains(use)) {
			return new Local();
		}
		String bucket = environment.get("HOLDFAST_STORE_BUCKET")
			.or(() -> environment.get("AWS_STORAGE_BUCKET_NAME"))
			.orElse(null);
		String endpoint = environment.get("HOLDFAST_STORE_ENDPOINT")
			.or(() -> environment.get("AWS_S3_ENDPOINT_URL"))
			.orElse(null);
		if (bucket != null) {
			String region = environment.get("HOLDFAST_STORE_REGION")
				.or(() -> environment.get("AWS_S3_REGION_NAME"))
				.orElse(null);
			return new Own(bucket, endpoint, region);
		}
		if (!use.isEmpty() || endpoint != null) {
			throw new HoldfastException(ExitCode.SETTINGS,
					"%s is set, but no bucket: name it with AWS_STORAGE_BUCKET_NAME, or set USE_S3=false to use the local endpoint"
						.formatted(use.isEmpty() ? "AWS_S3_ENDPOINT_URL" : "USE_S3"));
		}
		return new Local();
	}

	/** The endpoint that Holdfast runs itself. */
	record Local() implements StoreChoice {
	}

	/**
	 * A bucket of the user's own. How to get in is for the worker to find out.
	 *
	 * @param bucket its name
	 * @param endpoint where it is, absent for Amazon's own S3
	 * @param region its region, absent for the default
	 */
	record Own(String bucket, @Nullable String endpoint, @Nullable String region) implements StoreChoice {
	}

}
