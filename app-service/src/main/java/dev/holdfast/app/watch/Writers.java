package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.scan.FileCheck;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.watch.PendingFile.Unclosed;
import dev.holdfast.model.MediaId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which files of a volume are left to those who write them.
 */
final class Writers {

	private static final Logger LOG = LoggerFactory.getLogger(Writers.class);

	/**
	 * For how long a name that was created is left to its writer where only its closing
	 * tells that it is finished, and it looks like a link, which is never closed. Any
	 * other is left until it counts as stuck.
	 */
	private static final Duration UNCLOSED = Duration.ofSeconds(30);

	private final Volume volume;

	private final FileCheck check;

	private final Settling settling;

	private final Duration stuckAfter;

	Writers(Volume volume, FileCheck check, Settling settling, Duration stuckAfter) {
		this.volume = volume;
		this.check = check;
		this.settling = settling;
		this.stuckAfter = stuckAfter;
	}

	/**
	 * Whether the file was seen to be created and not to be closed, and nothing else
	 * tells whether it is open: then its closing is waited for, up to a time.
	 */
	boolean areWaitedFor(MediaId id) {
		Optional<Unclosed> unclosed = this.settling.unclosed(id.path());
		try {
			return unclosed.isPresent() && areWaitedFor(unclosed.get(), id);
		}
		catch (IOException ex) {
			LOG.debug("{} is not left to its writer: {}", id, ex.getMessage());
			return false;
		}
	}

	/**
	 * The same of a file that was.
	 */
	boolean areWaitedFor(Unclosed unclosed, MediaId id) throws IOException {
		Duration waits = this.settling.passed(unclosed.begun());
		return waits.compareTo(this.stuckAfter) < 0 && isOpen(id, WriterProbe.Answer.UNKNOWN)
				&& (waits.compareTo(UNCLOSED) < 0 || unclosed.moved() || !looksLinked(id));
	}

	/**
	 * Whether this is the system's answer to whether a program has the file open.
	 */
	boolean isOpen(MediaId id, WriterProbe.Answer answer) throws IOException {
		return this.check.openForWriting(this.volume, id).equals(Optional.of(answer));
	}

	/**
	 * Whether its name seems to be a link to a file that was finished before: it has
	 * other names still, or what changed last was not what is in it, as it is where a
	 * link was all that came after the last write.
	 */
	private boolean looksLinked(MediaId id) throws IOException {
		try {
			Path path = this.volume.root().resolve(id.path());
			FileStamp stamp = FileStat.of(path).stamp();
			return (stamp.size() > 0 && stamp.changedNanos() > stamp.modifiedNanos())
					|| (Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS) instanceof Integer names
							&& names > 1);
		}
		catch (NoSuchFileException ex) {
			// It went in this moment, of which an event tells.
			return false;
		}
	}

}
