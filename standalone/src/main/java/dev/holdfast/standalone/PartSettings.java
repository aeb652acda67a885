package dev.holdfast.standalone;

import java.util.Map;
import java.util.TreeMap;

import dev.holdfast.standalone.Standalone.Plan;
import dev.holdfast.standalone.StoreChoice.Local;
import dev.holdfast.standalone.StoreChoice.Own;

/**
 * The settings that the two services are given, as they would be on a cluster. What is
 * not here, the environment may set.
 */
final class PartSettings {

	private PartSettings() {
	}

	static Map<String, String> app(Plan plan) {
		Map<String, String> settings = common(plan, plan.port());
		settings.put("holdfast.data-dir", plan.data().app().toString());
		settings.put("holdfast.workers", plan.worker());
		plan.profiles().forEach((volume, profile) -> settings.put("holdfast.profiles." + volume, profile.reference()));
		// Who has the token of this instance is the one who runs it, and could copy the
		// files as well.
		settings.put("holdfast.migrate.sources", "/");
		return settings;
	}

	static Map<String, String> worker(Plan plan) {
		Map<String, String> settings = common(plan, plan.ports().worker());
		settings.put("holdfast.data-dir", plan.data().worker().toString());
		plan.profiles()
			.forEach((volume, profile) -> settings.put("holdfast.deletes.policy." + volume,
					profile.root().deletes().policy().text()));
		switch (plan.store()) {
			case Local() -> {
				Connection.S3 s3 = plan.s3();
				settings.put("holdfast.store.endpoint", String.valueOf(s3.endpoint()));
				settings.put("holdfast.store.region", String.valueOf(s3.region()));
				settings.put("holdfast.store.bucket", s3.bucket());
				settings.put("holdfast.store.access-key", String.valueOf(s3.accessKey()));
				settings.put("holdfast.store.secret-key", String.valueOf(s3.secretKey()));
				settings.put("holdfast.store.create-bucket", "true");
			}
			case Own(String bucket, String endpoint, String region) -> settings.put("holdfast.store.bucket", bucket);
		}
		return settings;
	}

	private static Map<String, String> common(Plan plan, int port) {
		Map<String, String> settings = new TreeMap<>();
		settings.put("server.address", "127.0.0.1");
		settings.put("server.port", Integer.toString(port));
		settings.put("spring.kafka.bootstrap-servers", plan.kafka());
		settings.put("spring.jmx.enabled", "false");
		settings.put("holdfast.api.token", plan.secrets().apiToken());
		plan.volumes().forEach((name, directory) -> settings.put("holdfast.volumes." + name, directory.toString()));
		return settings;
	}

}
