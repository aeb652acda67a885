package dev.holdfast.worker.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * Content that is in memory. An adapter may take the bytes as they are.
 */
public final class BytesContent implements ContentSource {

	private final byte[] bytes;

	/**
	 * Content of these bytes, which are not copied and must not change any more.
	 */
	public BytesContent(byte[] bytes) {
		this.bytes = bytes;
	}

	/**
	 * The bytes themselves, not a copy: not to be changed.
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	@Override
	public SeekableByteChannel open() {
		return new Channel(ByteBuffer.wrap(this.bytes).asReadOnlyBuffer());
	}

	/** A channel over a buffer; for one thread, as every reader opens its own. */
	private static final class Channel implements SeekableByteChannel {

		private final ByteBuffer content;

		private boolean open = true;

		Channel(ByteBuffer content) {
			this.content = content;
		}

		@Override
		public int read(ByteBuffer target) throws IOException {
			if (!this.open) {
				throw new ClosedChannelException();
			}
			if (!this.content.hasRemaining()) {
				return -1;
			}
			int length = Math.min(target.remaining(), this.content.remaining());
			target.put(this.content.slice().limit(length));
			this.content.position(this.content.position() + length);
			return length;
		}

		@Override
		public long position() {
			return this.content.position();
		}

		@Override
		public SeekableByteChannel position(long position) {
			this.content.position((int) Math.min(position, this.content.limit()));
			return this;
		}

		@Override
		public long size() {
			return this.content.limit();
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

}
