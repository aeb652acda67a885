package dev.holdfast.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.Supplier;

import dev.holdfast.app.volume.StagingWriter;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * A disk that fails when told to: after so many bytes, part of which are on it by then.
 */
public final class FaultyWriter implements StagingWriter {

	private volatile @Nullable Supplier<IOException> fault;

	private volatile long good;

	private volatile Step step = () -> {
	};

	/** Something that happens before bytes are written. */
	@FunctionalInterface
	public interface Step {

		void run() throws InterruptedException;

	}

	/**
	 * From now on fails after this many bytes of a file.
	 */
	public Repair failAfter(long bytes, Supplier<IOException> fault) {
		this.good = bytes;
		this.fault = fault;
		return () -> this.fault = null;
	}

	/**
	 * From now on does this before it writes.
	 */
	public Repair before(Step step) {
		this.step = step;
		return () -> this.step = () -> {
		};
	}

	@Override
	public void write(FileChannel file, ByteBuffer bytes) throws IOException {
		try {
			this.step.run();
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
		Supplier<IOException> current = this.fault;
		if (current != null && file.position() + bytes.remaining() > this.good) {
			bytes.limit(bytes.position() + (int) Math.max(0, this.good - file.position()));
			writeAll(file, bytes);
			throw current.get();
		}
		writeAll(file, bytes);
	}

	@Override
	public void sync(FileChannel file) throws IOException {
		file.force(true);
	}

	private static void writeAll(FileChannel file, ByteBuffer bytes) throws IOException {
		while (bytes.hasRemaining()) {
			file.write(bytes);
		}
	}

	/** Makes the disk good again. */
	@FunctionalInterface
	public interface Repair extends AutoCloseable {

		@Override
		void close();

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Configuration {

		@Bean
		@Primary
		FaultyWriter faultyWriter() {
			return new FaultyWriter();
		}

	}

}
