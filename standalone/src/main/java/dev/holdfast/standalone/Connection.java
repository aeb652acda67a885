package dev.holdfast.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How to reach a running instance: the contents of {@code connection.json}, which is
 * there from when the instance is ready until it is stopped in good order.
 *
 * @param url the API's address, without a path
 * @param token lets in at the API
 * @param kafka the broker's address, {@code host:port}
 * @param s3 the bucket that receives the replicas
 * @param store what the ledger calls that store
 * @param worker the worker's address
 * @param volumes the directories of the volumes by name
 * @param pid the id of the process
 */
record Connection(String url, String token, String kafka, S3 s3, String store, String worker,
		Map<String, String> volumes, long pid) {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(SerializationFeature.INDENT_OUTPUT)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	/**
	 * Where the replicas go. Keys are there for the local endpoint only: those of a
	 * user's own bucket are not written anywhere.
	 *
	 * @param endpoint the address of the S3 API, absent for Amazon's own
	 * @param region the bucket's region
	 * @param bucket the bucket
	 * @param accessKey the access key id
	 * @param secretKey the secret access key
	 */
	record S3(@Nullable String endpoint, @Nullable String region, String bucket, @Nullable String accessKey,
			@Nullable String secretKey) {

		/** Without the secret. */
		@Override
		public String toString() {
			return "S3[endpoint=" + this.endpoint + ", bucket=" + this.bucket + "]";
		}

	}

	void write(Path file) throws IOException {
		OwnerOnly.write(file, JSON.writeValueAsString(this) + "\n");
	}

	/**
	 * Reads the file; empty where there is none.
	 */
	static Optional<Connection> read(Path file) {
		try {
			return Optional.of(JSON.readValue(Files.readString(file), Connection.class));
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (IOException | JacksonException ex) {
			throw new HoldfastException(ExitCode.FAILED,
					"%s cannot be read (%s): run this as the user who started Holdfast".formatted(file, ex), ex);
		}
	}

	/** Without the secrets. */
	@Override
	public String toString() {
		return "Connection[url=" + this.url + ", kafka=" + this.kafka + ", s3=" + this.s3 + "]";
	}

}
