package dev.holdfast.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.VersionClock;

/**
 * A directory of random files on a volume, and the events that tell of them. Both sides
 * of a comparison copy the same directory.
 *
 * @param directory where it is
 * @param name its name below the volume's root
 * @param files what is in it
 */
record Tree(Path directory, String name, List<Item> files) {

	private static final int PER_DIRECTORY = 100;

	private static final int BLOCK = 1024 * 1024;

	private static final VersionClock CLOCK = new VersionClock(Clock.systemUTC());

	/**
	 * A file.
	 *
	 * @param id as which it is replicated
	 * @param size in bytes
	 * @param digest of its bytes
	 * @param modified when it was written
	 */
	record Item(MediaId id, long size, Digest digest, Instant modified) {

		MediaStored event() {
			return new MediaStored(this.id, CLOCK.next(), this.size, this.digest, "image/png", this.modified, "0:0",
					0644, Origin.UPLOAD);
		}

	}

	/**
	 * Writes a directory of files of one size.
	 * @param seed the same seed makes the same bytes
	 */
	static Tree create(Volume volume, String name, int count, int size, long seed) throws IOException {
		SplittableRandom random = new SplittableRandom(seed);
		List<Item> items = new ArrayList<>(count);
		byte[] content = new byte[size];
		for (int i = 0; i < count; i++) {
			String path = String.format("%s/d%04d/f%02d.png", name, i / PER_DIRECTORY, i % PER_DIRECTORY);
			Path file = volume.root().resolve(path);
			Files.createDirectories(file.getParent());
			random.nextBytes(content);
			Files.write(file, content);
			items.add(new Item(MediaId.of(volume.name(), path), size, Digest.of(content),
					Files.getLastModifiedTime(file).toInstant()));
		}
		return new Tree(volume.root().resolve(name), name, List.copyOf(items));
	}

	/**
	 * Writes a directory of one large file.
	 */
	static Tree createLarge(Volume volume, String name, long size, long seed) throws IOException {
		SplittableRandom random = new SplittableRandom(seed);
		Path directory = Files.createDirectories(volume.root().resolve(name));
		Path file = directory.resolve("large.bin");
		MessageDigest sha256 = Digest.newSha256();
		byte[] block = new byte[BLOCK];
		try (OutputStream out = Files.newOutputStream(file)) {
			for (long left = size; left > 0; left -= BLOCK) {
				random.nextBytes(block);
				int length = (int) Math.min(BLOCK, left);
				out.write(block, 0, length);
				sha256.update(block, 0, length);
			}
		}
		MediaId id = MediaId.of(volume.name(), name + "/large.bin");
		return new Tree(directory, name, List
			.of(new Item(id, size, Digest.ofSha256(sha256.digest()), Files.getLastModifiedTime(file).toInstant())));
	}

	/**
	 * The same file under another name, by a hard link, so that each round has an object
	 * key of its own without another two gigabytes.
	 */
	Tree linkedAs(Volume volume, String newName) throws IOException {
		List<Item> items = new ArrayList<>();
		for (Item item : this.files) {
			String path = newName + item.id().path().substring(this.name.length());
			Path link = volume.root().resolve(path);
			Files.createDirectories(link.getParent());
			Files.createLink(link, volume.root().resolve(item.id().path()));
			items.add(new Item(MediaId.of(volume.name(), path), item.size(), item.digest(), item.modified()));
		}
		return new Tree(volume.root().resolve(newName), newName, items);
	}

	List<MediaStored> events() {
		return this.files.stream().map(Item::event).toList();
	}

	/**
	 * A volume with the marker that proves its identity.
	 *
	 * @param name the volume's name
	 * @param root its directory
	 */
	record Volume(String name, Path root) {

		static Volume create(String name, Path root) throws IOException {
			Path marker = root.resolve(MediaId.RESERVED).resolve("volume.json");
			Files.createDirectories(marker.getParent());
			Path temporary = marker.resolveSibling("volume.json.new");
			Files.writeString(temporary, "{\"volume\":\"" + name + "\",\"id\":\"" + UUID.randomUUID()
					+ "\",\"created\":\"" + Instant.now() + "\"}\n");
			Files.move(temporary, marker, StandardCopyOption.ATOMIC_MOVE);
			return new Volume(name, root);
		}

	}

}
