package dev.holdfast.worker.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * A range of a content, as the body of a request: opened anew each time it is asked for,
 * streamed, never held in memory. Remembers what went wrong while the content was read,
 * which the HTTP client would report as if the connection had broken.
 */
final class Body implements ContentStreamProvider, AutoCloseable {

	private static final int BUFFER_BYTES = 64 * 1024;

	private final ContentSource source;

	private final long offset;

	private final long length;

	private final Supplier<? extends StreamCheck> check;

	private final List<InputStream> opened = new ArrayList<>();

	private volatile @Nullable IOException failure;

	/**
	 * The body.
	 * @param check makes what looks at the bytes of one stream as they pass
	 */
	Body(ContentSource source, long offset, long length, Supplier<? extends StreamCheck> check) {
		this.source = source;
		this.offset = offset;
		this.length = length;
		this.check = check;
	}

	/** Looks at the bytes of a stream. */
	interface StreamCheck {

		/** Looks at nothing. */
		StreamCheck NONE = new StreamCheck() {
			@Override
			public void update(byte[] buffer, int from, int count) {
				// The store checks.
			}

			@Override
			public boolean holds() {
				return true;
			}
		};

		/**
		 * These bytes come next.
		 */
		void update(byte[] buffer, int from, int count);

		/**
		 * Whether all bytes together were those expected. Asked before the last of them
		 * are handed on: where it does not hold they never are, and no store takes a body
		 * that is shorter than announced.
		 */
		boolean holds();

	}

	/** The content is not what it is said to be. */
	static final class ChangedContentException extends IOException {

		ChangedContentException(String message) {
			super(message);
		}

	}

	@Override
	public InputStream newStream() {
		try {
			SeekableByteChannel channel = this.source.open();
			InputStream stream = new BufferedInputStream(new RangeStream(channel.position(this.offset)),
					Math.clamp(this.length, 1, BUFFER_BYTES));
			this.opened.add(stream);
			return stream;
		}
		catch (IOException ex) {
			this.failure = ex;
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What went wrong while the content was read, {@code null} where nothing did.
	 */
	@Nullable IOException failure() {
		return this.failure;
	}

	/**
	 * Closes every stream that was handed out.
	 */
	@Override
	public void close() throws IOException {
		for (InputStream stream : this.opened) {
			stream.close();
		}
	}

	private final class RangeStream extends InputStream {

		private final SeekableByteChannel channel;

		private final StreamCheck streamCheck = Body.this.check.get();

		private final Turn turn = new Turn();

		private long left = Body.this.length;

		RangeStream(SeekableByteChannel channel) {
			this.channel = channel;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			int read = read(one, 0, 1);
			return (read < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] buffer, int from, int count) throws IOException {
			if (this.left == 0) {
				return -1;
			}
			try {
				int read = this.channel.read(ByteBuffer.wrap(buffer, from, (int) Math.min(count, this.left)));
				if (read < 0) {
					throw new ChangedContentException("the content ends " + this.left + " bytes early");
				}
				this.streamCheck.update(buffer, from, read);
				this.left -= read;
				if (this.left == 0 && !this.streamCheck.holds()) {
					throw new ChangedContentException("the content is no longer what it was");
				}
				this.turn.took(read);
				return read;
			}
			catch (IOException ex) {
				Body.this.failure = ex;
				throw ex;
			}
		}

		@Override
		public void close() throws IOException {
			this.channel.close();
		}

	}

}
