package dev.holdfast.worker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.engine.ReplicationProperties;
import dev.holdfast.worker.kafka.KafkaTopicsProperties;
import dev.holdfast.worker.replicate.DeletePolicy;
import dev.holdfast.worker.replicate.DeleteProperties;
import dev.holdfast.worker.retry.OutageProperties;
import dev.holdfast.worker.retry.RetryProperties;
import dev.holdfast.worker.source.SourceProperties;
import dev.holdfast.worker.store.StoreProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SettingsTest {

	private static <T> T bind(Class<T> type, String prefix, Map<String, Object> environment) throws Exception {
		MutablePropertySources sources = new MutablePropertySources();
		sources.addLast(new MapPropertySource("environment", new HashMap<>(environment)));
		for (PropertySource<?> source : new YamlPropertySourceLoader().load("sync-worker",
				new ClassPathResource("sync-worker.yml"))) {
			sources.addLast(source);
		}
		PlaceholdersResolver placeholders = new PropertySourcesPlaceholdersResolver(sources);
		return new Binder(ConfigurationPropertySources.from(sources), placeholders).bindOrCreate(prefix, type);
	}

	private static <T> T withoutFile(Class<T> type, String prefix) {
		return new Binder(List.of()).bindOrCreate(prefix, type);
	}

	/** The file repeats the defaults for people to see; they must not part. */
	@Test
	void hasTheDefaultsThatTheFileShows() throws Exception {
		assertThat(bind(ReplicationProperties.class, "holdfast.replication", Map.of()))
			.isEqualTo(withoutFile(ReplicationProperties.class, "holdfast.replication"))
			.isEqualTo(new ReplicationProperties(32, 4, DataSize.ofMegabytes(8), 2000, DataSize.ofMegabytes(64),
					Duration.ofSeconds(5), Duration.ofSeconds(15)));
		assertThat(bind(DeleteProperties.class, "holdfast.deletes", Map.of()))
			.isEqualTo(withoutFile(DeleteProperties.class, "holdfast.deletes"))
			.isEqualTo(new DeleteProperties(Map.of(), Duration.ofDays(30)));
		assertThat(bind(RetryProperties.class, "holdfast.retry", Map.of()))
			.isEqualTo(withoutFile(RetryProperties.class, "holdfast.retry"))
			.isEqualTo(new RetryProperties(3, Duration.ofMillis(200), Duration.ofSeconds(5),
					List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5),
							Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(2)),
					Duration.ofHours(24), 5, 10_000));
		assertThat(bind(OutageProperties.class, "holdfast.outage", Map.of()))
			.isEqualTo(withoutFile(OutageProperties.class, "holdfast.outage"))
			.isEqualTo(new OutageProperties(Duration.ofSeconds(2), Duration.ofSeconds(10), 50, 20,
					Duration.ofSeconds(60), 4));
		assertThat(bind(KafkaTopicsProperties.class, "holdfast.kafka", Map.of()))
			.isEqualTo(new KafkaTopicsProperties(-1));
		SourceProperties source = bind(SourceProperties.class, "holdfast", Map.of());
		assertThat(source.mounted()).isEmpty();
		assertThat(source.source().url()).isNull();
	}

	@Test
	void takesTheNamesOfTheAppsOwnWorld() throws Exception {
		SourceProperties source = bind(SourceProperties.class, "holdfast",
				Map.of("MEDIA_ROOT", "/srv/media", "UPLOAD_FOLDER", "/srv/uploads"));
		assertThat(source.mounted()).containsOnly(Map.entry(new VolumeName("media"), Path.of("/srv/media")),
				Map.entry(new VolumeName("uploads"), Path.of("/srv/uploads")));
		StoreProperties store = bind(StoreProperties.class, "holdfast.store",
				Map.of("AWS_STORAGE_BUCKET_NAME", "my-bucket", "AWS_S3_REGION_NAME", "eu-central-1",
						"AWS_S3_ENDPOINT_URL", "http://localhost:9090", "AWS_ACCESS_KEY_ID", "id",
						"AWS_SECRET_ACCESS_KEY", "secret", "AWS_S3_OBJECT_PARAMETERS",
						"{\"CacheControl\": \"max-age=86400\"}"));
		assertThat(store.bucket()).isEqualTo("my-bucket");
		assertThat(store.region()).isEqualTo("eu-central-1");
		assertThat(store.endpoint()).isEqualTo(URI.create("http://localhost:9090"));
		assertThat(store.accessKey()).isEqualTo("id");
		assertThat(store.objectParameters()).contains("max-age");
		assertThat(store.toString()).doesNotContain("secret");
	}

	/** Whatever name was the default, at Amazon it would be somebody else's bucket. */
	@Test
	void replicatesToNoBucketThatWasNotNamed() {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> bind(StoreProperties.class, "holdfast.store", Map.of()))
			.havingRootCause()
			.withMessage("no bucket is named: set AWS_STORAGE_BUCKET_NAME or holdfast.store.bucket to the one that"
					+ " replicas go to");
	}

	@ParameterizedTest
	@CsvSource({ "holdfast.replication.small-concurrency, 0", "holdfast.replication.large-concurrency, 0",
			"holdfast.replication.large-threshold, 1GB", "holdfast.replication.max-in-flight, 0",
			"holdfast.replication.max-in-flight-bytes, 3GB", "holdfast.replication.revoke-grace, 2m",
			"holdfast.replication.drain-timeout, -1s" })
	void refusesReplicationSettingsThatMakeNoSense(String name, String value) {
		refused(ReplicationProperties.class, "holdfast.replication", name, value);
	}

	@Test
	void replicasAreKeptUnlessTheirVolumeSaysOtherwise() throws Exception {
		DeleteProperties deletes = bind(DeleteProperties.class, "holdfast.deletes",
				Map.of("holdfast.deletes.policy.media", "mirror", "holdfast.deletes.policy.app-uploads", "trash",
						"holdfast.deletes.grace", "7d"));
		assertThat(deletes.policyOf(new VolumeName("media"))).isEqualTo(DeletePolicy.MIRROR);
		assertThat(deletes.policyOf(new VolumeName("app-uploads"))).isEqualTo(DeletePolicy.TRASH);
		assertThat(deletes.policyOf(new VolumeName("other"))).isEqualTo(DeletePolicy.KEEP);
		assertThat(deletes.grace()).isEqualTo(Duration.ofDays(7));
	}

	@ParameterizedTest
	@CsvSource({ "holdfast.deletes.grace, 0s", "holdfast.deletes.grace, -1d" })
	void refusesDeleteSettingsThatMakeNoSense(String name, String value) {
		refused(DeleteProperties.class, "holdfast.deletes", name, value);
	}

	@ParameterizedTest
	@CsvSource({ "holdfast.retry.attempts, 0", "holdfast.retry.initial-delay, 0s", "holdfast.retry.lane-delays, 0s",
			"holdfast.retry.budget, 8d", "holdfast.retry.vanished-attempts, 0", "holdfast.retry.max-held, 0" })
	void refusesRetrySettingsThatMakeNoSense(String name, String value) {
		refused(RetryProperties.class, "holdfast.retry", name, value);
	}

	@ParameterizedTest
	@CsvSource({ "holdfast.outage.probe-interval, 0s", "holdfast.outage.failure-rate, 101",
			"holdfast.outage.minimum-calls, 0", "holdfast.outage.window, 1ms", "holdfast.outage.trials, 0" })
	void refusesOutageSettingsThatMakeNoSense(String name, String value) {
		refused(OutageProperties.class, "holdfast.outage", name, value);
	}

	private static void refused(Class<?> type, String prefix, String name, String value) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(type, prefix, Map.of(name, value)))
			.havingRootCause()
			.withMessageContaining(name.substring(0, name.lastIndexOf('.') + 1));
	}

}
