package dev.holdfast.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.holdfast.standalone.StoreChoice.Local;
import dev.holdfast.standalone.StoreChoice.Own;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the command line and the environment choose: volumes and store.
 */
class ChoicesTest {

	@TempDir
	Path directory;

	@Test
	void volumes_areMediaBelowTheDataDirectoryWhereNothingIsSaid() {
		Path byDefault = this.directory.resolve("volumes").resolve("media");
		assertThat(VolumeChoice.of(List.of(), new Environment(Map.of("MEDIA_ROOT", " ")), byDefault))
			.containsOnly(Map.entry("media", byDefault));
		assertThat(byDefault).isDirectory();
	}

	@Test
	void volumes_areWhatTheAppsVariablesNameAndTheCommandLineSays() throws Exception {
		Path media = Files.createDirectory(this.directory.resolve("m"));
		Path uploads = Files.createDirectory(this.directory.resolve("u"));
		Path byDefault = this.directory.resolve("unused");
		Environment environment = new Environment(
				Map.of("MEDIA_ROOT", media.toString(), "UPLOAD_FOLDER", uploads.toString()));
		assertThat(VolumeChoice.of(List.of("photos=" + media, "media=" + uploads), environment, byDefault))
			.containsOnly(Map.entry("media", uploads), Map.entry("photos", media), Map.entry("uploads", uploads));
		assertThat(byDefault).doesNotExist();
	}

	@Test
	void volumes_mustBeThereAndHaveAName() {
		assertThatExceptionOfType(HoldfastException.class)
			.isThrownBy(() -> volumes("media=" + this.directory.resolve("typo")))
			.withMessageContaining("typo is not a directory")
			.satisfies((ex) -> assertThat(ex.exitCode()).isEqualTo(ExitCode.SETTINGS));
		for (String wrong : List.of("media", "=" + this.directory, "media=", "a/b=" + this.directory)) {
			assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> volumes(wrong))
				.satisfies((ex) -> assertThat(ex.exitCode()).isEqualTo(ExitCode.USAGE));
		}
	}

	private void volumes(String given) {
		VolumeChoice.of(List.of(given), new Environment(Map.of()), this.directory);
	}

	@Test
	void store_isTheLocalOneWhereNothingNamesABucket() {
		assertThat(StoreChoice.of(new Environment(Map.of("AWS_ACCESS_KEY_ID", "x")))).isEqualTo(new Local());
		assertThat(StoreChoice.of(new Environment(Map.of("USE_S3", "False", "AWS_STORAGE_BUCKET_NAME", "b"))))
			.isEqualTo(new Local());
	}

	@Test
	void store_isTheBucketThatTheEnvironmentNames() {
		assertThat(StoreChoice.of(new Environment(Map.of("AWS_STORAGE_BUCKET_NAME", "b"))))
			.isEqualTo(new Own("b", null, null));
		assertThat(StoreChoice.of(new Environment(Map.of("USE_S3", "true", "AWS_STORAGE_BUCKET_NAME", "b",
				"AWS_S3_ENDPOINT_URL", "https://s3.example.org", "AWS_S3_REGION_NAME", "eu-1"))))
			.isEqualTo(new Own("b", "https://s3.example.org", "eu-1"));
	}

	@Test
	void store_isNotGuessedWhereTheBucketIsMissing() {
		for (Map<String, String> half : List.of(Map.of("USE_S3", "TRUE"),
				Map.of("AWS_S3_ENDPOINT_URL", "https://s3.example.org"))) {
			assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> StoreChoice.of(new Environment(half)))
				.withMessageContaining("AWS_STORAGE_BUCKET_NAME")
				.satisfies((ex) -> assertThat(ex.exitCode()).isEqualTo(ExitCode.SETTINGS));
		}
	}

	@Test
	void dataDirectory_followsTheXdgSpecification() {
		assertThat(new Environment(Map.of("HOME", "/home/ada")).defaultDataDirectory())
			.isEqualTo(Path.of("/home/ada/.local/share/holdfast"));
		assertThat(new Environment(Map.of("HOME", "/home/ada", "XDG_DATA_HOME", "/data")).defaultDataDirectory())
			.isEqualTo(Path.of("/data/holdfast"));
		assertThat(new Environment(Map.of("HOME", "/home/ada", "XDG_DATA_HOME", "not/absolute")).defaultDataDirectory())
			.isEqualTo(Path.of("/home/ada/.local/share/holdfast"));
	}

}
