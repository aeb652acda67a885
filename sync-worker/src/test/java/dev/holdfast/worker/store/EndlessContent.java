package dev.holdfast.worker.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.function.BooleanSupplier;

/**
 * Content without an end, which is there without waiting for it, until it cannot be read
 * any more.
 */
final class EndlessContent implements SeekableByteChannel {

	private final BooleanSupplier gone;

	EndlessContent(BooleanSupplier gone) {
		this.gone = gone;
	}

	@Override
	public int read(ByteBuffer buffer) throws IOException {
		if (this.gone.getAsBoolean()) {
			throw new IOException("gone");
		}
		int count = buffer.remaining();
		buffer.position(buffer.limit());
		return count;
	}

	@Override
	public int write(ByteBuffer buffer) {
		throw new UnsupportedOperationException();
	}

	@Override
	public long position() {
		return 0;
	}

	@Override
	public SeekableByteChannel position(long position) {
		return this;
	}

	@Override
	public long size() {
		return Long.MAX_VALUE;
	}

	@Override
	public SeekableByteChannel truncate(long size) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean isOpen() {
		return true;
	}

	@Override
	public void close() {
		// Nothing is open.
	}

}
