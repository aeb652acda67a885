package dev.holdfast.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The environment variables, of which empty ones count as not set.
 *
 * @param variables all of them
 */
record Environment(Map<String, String> variables) {

	static Environment ofProcess() {
		return new Environment(System.getenv());
	}

	Optional<String> get(String name) {
		return Optional.ofNullable(this.variables.get(name)).map(String::strip).filter((value) -> !value.isEmpty());
	}

	/**
	 * The data directory that is meant: the given one or the default.
	 */
	Path dataDirectory(@Nullable Path given) {
		return ((given != null) ? given : defaultDataDirectory()).toAbsolutePath().normalize();
	}

	/**
	 * Where a person's data goes where nothing else is said, by the XDG base directory
	 * specification.
	 */
	Path defaultDataDirectory() {
		Path home = Path.of(get("HOME").orElse(System.getProperty("user.home", ".")));
		return get("XDG_DATA_HOME").map(Path::of)
			.filter(Path::isAbsolute)
			.orElse(home.resolve(".local").resolve("share"))
			.resolve("holdfast");
	}

}
