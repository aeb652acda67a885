package dev.holdfast.app.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.StartupException;
import dev.holdfast.app.volume.DurableFiles;
import dev.holdfast.model.Digest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * The token that lets a client in. Kept as its digest only, so that no dump, log or
 * message can show it, and so that comparing takes the same time whatever was sent.
 */
@Component
final class ApiToken {

	private static final Logger LOG = LoggerFactory.getLogger(ApiToken.class);

	private static final int RANDOM_BYTES = 32;

	private final byte[] digest;

	/**
	 * Takes the token from the settings, from the file they name, or from the data
	 * directory, where it is made the first time.
	 * @throws StartupException where there is none or it is too weak
	 */
	ApiToken(ApiSettings settings, AppSettings appSettings) {
		this.digest = digestOf(find(settings, appSettings.dataDir().resolve("api-token")));
	}

	/**
	 * Whether this is the token.
	 */
	boolean matches(String candidate) {
		return MessageDigest.isEqual(this.digest, digestOf(candidate));
	}

	private static String find(ApiSettings settings, Path generated) {
		String token = settings.token();
		if (token != null && !token.isBlank()) {
			return checked(token.strip(), "holdfast.api.token");
		}
		Path file = settings.tokenFile();
		if (file != null) {
			return checked(read(file), "The token in " + file);
		}
		return Files.exists(generated) ? checked(read(generated), "The token in " + generated) : generate(generated);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file).strip();
		}
		catch (IOException ex) {
			throw new StartupException("The token file " + file + " cannot be read: " + ex,
					"Let this user read it, or set holdfast.api.token-file to another one.", ex);
		}
	}

	private static String generate(Path file) {
		byte[] random = new byte[RANDOM_BYTES];
		new SecureRandom().nextBytes(random);
		String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
		try {
			Path directory = file.getParent();
			if (directory != null) {
				Files.createDirectories(directory);
			}
			DurableFiles.writePrivate(file, (token + "\n").getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			throw new StartupException("The token file " + file + " cannot be written: " + ex,
					"Let this user write to the data directory, or set holdfast.api.token.", ex);
		}
		LOG.atInfo().addKeyValue("file", file).log("API token made");
		return token;
	}

	private static String checked(String token, String origin) {
		if (token.length() < ApiSettings.SHORTEST || !token.chars().allMatch((c) -> c > ' ' && c <= '~')) {
			throw new StartupException(
					origin + " is not fit for a token: at least " + ApiSettings.SHORTEST
							+ " printable ASCII characters without spaces are needed",
					"Make one, for example with: openssl rand -hex 32");
		}
		return token;
	}

	private static byte[] digestOf(String token) {
		return Digest.newSha256().digest(token.getBytes(StandardCharsets.UTF_8));
	}

}
