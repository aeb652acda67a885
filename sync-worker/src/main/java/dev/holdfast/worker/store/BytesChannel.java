package dev.holdfast.worker.store;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * Reads bytes in memory as if they were a file.
 */
final class BytesChannel implements SeekableByteChannel {

	private final ByteBuffer bytes;

	private boolean open = true;

	BytesChannel(byte[] bytes) {
		this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
	}

	@Override
	public int read(ByteBuffer target) throws ClosedChannelException {
		if (!this.open) {
			throw new ClosedChannelException();
		}
		if (!this.bytes.hasRemaining()) {
			return -1;
		}
		int count = Math.min(target.remaining(), this.bytes.remaining());
		target.put(this.bytes.slice(this.bytes.position(), count));
		this.bytes.position(this.bytes.position() + count);
		return count;
	}

	@Override
	public long position() {
		return this.bytes.position();
	}

	@Override
	public SeekableByteChannel position(long position) {
		this.bytes.position(Math.clamp(position, 0, this.bytes.limit()));
		return this;
	}

	@Override
	public long size() {
		return this.bytes.limit();
	}

	@Override
	public int write(ByteBuffer source) {
		throw new NonWritableChannelException();
	}

	@Override
	public SeekableByteChannel truncate(long size) {
		throw new NonWritableChannelException();
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public void close() {
		this.open = false;
	}

}
