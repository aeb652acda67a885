package dev.holdfast.s3endpoint;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a file beside the one that it is to be, and puts it in its place when it is
 * whole. S3Mock writes its metadata in place, and where it is killed in that moment it
 * never starts again: the list of a bucket's objects is an empty file.
 */
final class WholeFiles extends JsonMapper {

	private static final long serialVersionUID = 1L;

	WholeFiles(JsonMapper like) {
		super(like.rebuild());
	}

	@Override
	public void writeValue(File file, Object value) {
		Path target = file.toPath().toAbsolutePath();
		try {
			Path whole = Files.createTempFile(target.getParent(), file.getName(), ".new");
			try {
				super.writeValue(whole.toFile(), value);
				Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
			}
			finally {
				Files.deleteIfExists(whole);
			}
		}
		catch (IOException ex) {
			throw JacksonIOException.construct(ex);
		}
	}

}
