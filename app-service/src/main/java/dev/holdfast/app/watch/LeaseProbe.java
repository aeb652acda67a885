package dev.holdfast.app.watch;

import java.io.IOException;

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
		ReadLease.Answer answer = ReadLease.ask(place.path());
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

}
