package dev.holdfast.worker.source;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where media files are read.
 *
 * @param volumes the directory that each volume is mounted at, by its name; a name
 * without a directory counts as not mounted here
 * @param source where volumes are read that are not mounted here
 */
@ConfigurationProperties("holdfast")
public record SourceProperties(@DefaultValue Map<String, String> volumes, @DefaultValue Remote source) {

	/**
	 * app-service, as a source.
	 *
	 * @param url its base URL; absent, only mounted volumes are read
	 * @param token the token that its API asks for
	 * @param directory where large files are kept while they are replicated; absent, in
	 * the system's directory for temporary files
	 */
	public record Remote(@Nullable URI url, @Nullable String token, @Nullable Path directory) {

		/**
		 * Checks the URL.
		 * @throws IllegalArgumentException where it is none that can be asked
		 */
		public Remote {
			url = (url == null || url.toString().isBlank()) ? null : url;
			if (url != null && (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?"))) {
				throw new IllegalArgumentException(
						"holdfast.source.url must be a URL with http or https and a host, for example http://app-service:8080");
			}
		}

		/** Without the token. */
		@Override
		public String toString() {
			return "Remote[url=" + this.url + "]";
		}

	}

	/**
	 * Checks the names of volumes.
	 * @throws dev.holdfast.model.InvalidMediaPathException where one is not allowed
	 */
	public SourceProperties {
		volumes = Map.copyOf(volumes);
		volumes.keySet().forEach(VolumeName::new);
	}

	/**
	 * The volumes that are mounted here.
	 */
	public Map<VolumeName, Path> mounted() {
		Map<VolumeName, Path> mounted = new TreeMap<>();
		this.volumes.forEach((name, directory) -> {
			if (!directory.isBlank()) {
				mounted.put(new VolumeName(name), Path.of(directory).toAbsolutePath().normalize());
			}
		});
		return mounted;
	}

	/**
	 * The source that these describe.
	 */
	public MediaSource open() {
		return new MountedVolumes(mounted(), HttpMediaSource.of(this.source));
	}

}
