package dev.holdfast.worker.store;

import java.security.MessageDigest;
import java.util.zip.CRC32;

import dev.holdfast.model.Digest;

/**
 * What the worker itself checks in the bytes it sends.
 */
final class Checks {

	private Checks() {
	}

	/**
	 * That a stream's bytes have this digest.
	 */
	static Body.StreamCheck digest(Digest expected) {
		MessageDigest sha256 = Digest.newSha256();
		return new Body.StreamCheck() {
			@Override
			public void update(byte[] buffer, int from, int count) {
				sha256.update(buffer, from, count);
			}

			@Override
			public boolean holds() {
				return Digest.ofSha256(sha256.digest()).equals(expected);
			}
		};
	}

	/**
	 * That a stream's bytes have this CRC32.
	 */
	static Body.StreamCheck crc32(long expected) {
		CRC32 crc = new CRC32();
		return new Body.StreamCheck() {
			@Override
			public void update(byte[] buffer, int from, int count) {
				crc.update(buffer, from, count);
			}

			@Override
			public boolean holds() {
				return crc.getValue() == expected;
			}
		};
	}

}
