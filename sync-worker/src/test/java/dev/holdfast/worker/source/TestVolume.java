package dev.holdfast.worker.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;

/**
 * A volume in a temporary directory, as app-service would have made it, and the events of
 * what happens there.
 */
public final class TestVolume {

	public static final VolumeName NAME = new VolumeName("media");

	private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

	private final Path root;

	private final AtomicLong versions = new AtomicLong(Version.at(NOON).value());

	public TestVolume(Path root) {
		this.root = root;
		putMarker();
	}

	public Path root() {
		return this.root;
	}

	public Path pathOf(String path) {
		return this.root.resolve(path);
	}

	/**
	 * A source with this volume only.
	 */
	public MediaSource source() {
		return new MountedVolumes(Map.of(NAME, this.root), null);
	}

	public void putMarker() {
		write(".holdfast/volume.json",
				"{\"volume\":\"media\",\"id\":\"6e1c7a52-8f0e-4c5b-9c0a-3b1d8f0b6f11\",\"created\":\"2026-11-22T12:00:00Z\"}"
					.getBytes(StandardCharsets.UTF_8));
	}

	public void removeMarker() {
		try {
			Files.delete(this.root.resolve(".holdfast/volume.json"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Writes a file and says so.
	 */
	public MediaStored stored(String path, byte[] bytes) {
		write(path, bytes);
		return event(path, bytes);
	}

	/**
	 * Says that a file was stored, without writing it.
	 */
	public MediaStored event(String path, byte[] bytes) {
		return new MediaStored(new MediaId(NAME, path), next(), bytes.length, Digest.of(bytes), "image/png", NOON,
				"1000:1000", 0644, Origin.UPLOAD);
	}

	/**
	 * Says that a file was deleted.
	 */
	public MediaDeleted deleted(String path) {
		return new MediaDeleted(new MediaId(NAME, path), next(), Evidence.API_REQUEST);
	}

	public void write(String path, byte[] bytes) {
		try {
			Path file = this.root.resolve(path);
			Files.createDirectories(file.getParent());
			Files.write(file, bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Puts another file in a file's place, as an upload does: who has the old one open
	 * goes on reading that.
	 */
	public void replace(String path, byte[] bytes) {
		write(path + ".new", bytes);
		try {
			Files.move(pathOf(path + ".new"), pathOf(path), StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Version next() {
		return new Version(this.versions.incrementAndGet());
	}

}
