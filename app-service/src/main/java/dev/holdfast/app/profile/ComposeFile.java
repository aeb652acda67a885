package dev.holdfast.app.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a compose file mounts where. Read as it is written: files that it includes or
 * extends are not looked at.
 */
public final class ComposeFile {

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::?-([^}]*))?[^}]*}|\\$(\\w+)");

	private static final Set<String> OPTIONS = Set.of("ro", "rw", "z", "Z", "cached", "delegated", "consistent",
			"nocopy", "volume-nocopy", "shared", "rshared", "slave", "rslave", "private", "rprivate");

	private final List<Mount> mounts = new ArrayList<>();

	private final Map<String, String> environment;

	private ComposeFile(Map<String, String> environment) {
		this.environment = environment;
	}

	/**
	 * Something that is mounted.
	 *
	 * @param service the service
	 * @param source the volume or directory of the host; {@code null} for none, that is
	 * an anonymous volume or memory
	 * @param target the path in the container
	 */
	public record Mount(String service, @Nullable String source, String target) {

		/**
		 * Whether what is written there is still there in the next container.
		 */
		public boolean lasts() {
			return this.source != null;
		}

		/**
		 * For a person.
		 */
		public String text() {
			return ((this.source != null) ? this.source : "a new, empty volume for each container") + " at "
					+ this.target + " of service " + this.service;
		}

	}

	/**
	 * Reads a compose file.
	 * @param environment what variables stand for
	 * @throws ProfileException where it cannot be read or is no compose file
	 */
	public static ComposeFile read(Path file, Map<String, String> environment) {
		ComposeFile compose = new ComposeFile(environment);
		try {
			Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
			if (!(yaml instanceof Map<?, ?> top) || !(top.get("services") instanceof Map<?, ?> services)) {
				throw new ProfileException(file + " has no services: give the compose file of the application");
			}
			services.forEach((name, service) -> {
				if (service instanceof Map<?, ?> definition) {
					compose.addAll(String.valueOf(name), definition.get("volumes"));
					compose.addMemory(String.valueOf(name), definition.get("tmpfs"));
				}
			});
			return compose;
		}
		catch (IOException ex) {
			throw new ProfileException("Compose file " + file + " cannot be read: " + ex, ex);
		}
		catch (YAMLException ex) {
			throw new ProfileException(file + " is no YAML: " + ex.getMessage(), ex);
		}
	}

	/**
	 * What is mounted at a path or above it, the nearest one, and where several services
	 * have one, one that lasts.
	 */
	public Optional<Mount> mountOf(String path) {
		return this.mounts.stream()
			.filter((mount) -> mount.target().equals("/") || path.equals(mount.target())
					|| path.startsWith(mount.target() + "/"))
			.max(Comparator.<Mount>comparingInt((mount) -> mount.target().length()).thenComparing(Mount::lasts));
	}

	private void addAll(String service, @Nullable Object volumes) {
		if (volumes instanceof List<?> list) {
			for (Object entry : list) {
				if (entry instanceof Map<?, ?> mount) {
					addLong(service, mount);
				}
				else {
					addShort(service, resolve(String.valueOf(entry)));
				}
			}
		}
	}

	private void addLong(String service, Map<?, ?> mount) {
		Object target = (mount.get("target") != null) ? mount.get("target") : mount.get("dst");
		Object source = (mount.get("source") != null) ? mount.get("source") : mount.get("src");
		if (target != null) {
			boolean memory = "tmpfs".equals(mount.get("type"));
			add(service, (source == null || memory) ? null : resolve(String.valueOf(source)),
					resolve(String.valueOf(target)));
		}
	}

	private void addShort(String service, String text) {
		String rest = text;
		int last = rest.lastIndexOf(':');
		if (last > 0 && List.of(rest.substring(last + 1).split(",")).stream().allMatch(OPTIONS::contains)) {
			rest = rest.substring(0, last);
		}
		int colon = rest.lastIndexOf(':');
		add(service, (colon < 0) ? null : rest.substring(0, colon), rest.substring(colon + 1));
	}

	private void addMemory(String service, @Nullable Object tmpfs) {
		List<?> entries = (tmpfs instanceof List<?> list) ? list : (tmpfs != null) ? List.of(tmpfs) : List.of();
		entries.forEach((entry) -> add(service, null, resolve(String.valueOf(entry)).replaceFirst(":.*", "")));
	}

	private void add(String service, @Nullable String source, String target) {
		String path = (target.length() > 1) ? target.replaceFirst("/+$", "") : target;
		this.mounts.add(new Mount(service, source, path));
	}

	private String resolve(String text) {
		Matcher matcher = VARIABLE.matcher(text);
		StringBuilder resolved = new StringBuilder();
		while (matcher.find()) {
			String name = (matcher.group(1) != null) ? matcher.group(1) : matcher.group(3);
			String value = this.environment.getOrDefault(name, "");
			String byDefault = (matcher.group(2) != null) ? matcher.group(2) : "";
			matcher.appendReplacement(resolved, Matcher.quoteReplacement(value.isEmpty() ? byDefault : value));
		}
		matcher.appendTail(resolved);
		return resolved.toString();
	}

}
