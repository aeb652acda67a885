package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Path;

import dev.holdfast.app.linux.ReadLease;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;

import org.springframework.stereotype.Component;

/**
 * Asks the kernel who has a file open, by a read lease.
 */
@Component
final class LeaseProbe implements WriterProbe {

	@Override
	public Answer openForWriting(Place place, FileStat seen) {
		ReadLease.Answer answer = ask(place.path());
		if (answer == ReadLease.Answer.UNKNOWN) {
			return Answer.UNKNOWN;
		}
		try {
			if (FileStat.of(place.path()).stamp().inode() != seen.stamp().inode()) {
				return Answer.UNKNOWN;
			}
		}
		catch (IOException ex) {
			return Answer.UNKNOWN;
		}
		return (answer == ReadLease.Answer.WRITTEN) ? Answer.WRITTEN : Answer.NOT_WRITTEN;
	}

	private static ReadLease.Answer ask(Path file) {
		try {
			return ReadLease.ask(file);
		}
		catch (IllegalCallerException | LinkageError ex) {
			// This JVM makes no native calls, as the status of the watcher says.
			return ReadLease.Answer.UNKNOWN;
		}
	}

}
