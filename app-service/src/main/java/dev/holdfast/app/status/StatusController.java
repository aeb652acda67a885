package dev.holdfast.app.status;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.ListFilter;
import dev.holdfast.app.catalog.ListFilter.Selection;
import dev.holdfast.app.catalog.Page;
import dev.holdfast.app.media.MediaPaths;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells what became of files.
 */
@RestController
class StatusController {

	private final StatusReporter reporter;

	private final Catalog catalog;

	private final Volumes volumes;

	StatusController(StatusReporter reporter, Catalog catalog, Volumes volumes) {
		this.reporter = reporter;
		this.catalog = catalog;
		this.volumes = volumes;
	}

	/**
	 * The state of everything, or of one volume with its files.
	 */
	@GetMapping("/api/v1/status")
	StatusView status(@RequestParam(required = false) @Nullable String volume) {
		if (volume == null || volume.isEmpty()) {
			return this.reporter.report();
		}
		VolumeName name = new VolumeName(volume);
		return this.reporter.report(
				this.volumes.find(name).orElseThrow(() -> ProblemException.noSuchVolume(name, this.volumes.names())));
	}

	/**
	 * What is known of one file, also where its volume was taken out of the settings. The
	 * path is read as it was sent.
	 */
	@GetMapping("/api/v1/status/{volume}/{*path}")
	FileView file(HttpServletRequest request) {
		MediaId id = MediaPaths.statusFile(request.getRequestURI());
		return this.catalog.status(id).map(FileView::of).orElseThrow(() -> unknown(id));
	}

	private ProblemException unknown(MediaId id) {
		return this.volumes.find(id.volume()).isEmpty()
				? ProblemException.noSuchVolume(id.volume(), this.volumes.names())
				: new ProblemException(ProblemType.NO_SUCH_MEDIA,
						"Nothing is known of a media file '" + id + "': check the path, it is relative to the volume");
	}

	/**
	 * One page of the files. Without a state all that are not deleted.
	 */
	@GetMapping("/api/v1/files")
	FilesView files(@RequestParam(required = false) @Nullable String volume,
			@RequestParam(required = false) @Nullable String state, @RequestParam(defaultValue = "") String prefix,
			@RequestParam(required = false) @Nullable String after, @RequestParam(defaultValue = "100") String limit) {
		Page page = this.catalog.list(filter(volume, state, prefix, after, limit));
		MediaId next = page.next();
		return new FilesView(page.files().stream().map(FileView::of).toList(), (next == null) ? null : cursor(next));
	}

	private static ListFilter filter(@Nullable String volume, @Nullable String state, String prefix,
			@Nullable String after, String limit) {
		try {
			return new ListFilter((volume == null || volume.isEmpty()) ? null : new VolumeName(volume), prefix,
					selection(state), (after == null || after.isEmpty()) ? null : place(after),
					Integer.parseInt(limit));
		}
		catch (NumberFormatException ex) {
			throw new ProblemException(ProblemType.INVALID_REQUEST,
					"The limit is no number: give 1 to " + ListFilter.MOST, ex);
		}
		catch (InvalidMediaPathException ex) {
			throw ex;
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(ProblemType.INVALID_REQUEST, String.valueOf(ex.getMessage()), ex);
		}
	}

	private static Selection selection(@Nullable String state) {
		if (state == null || state.isEmpty()) {
			return Selection.KNOWN;
		}
		for (Selection selection : Selection.values()) {
			if (selection.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(state)) {
				return selection;
			}
		}
		throw new ProblemException(ProblemType.INVALID_REQUEST,
				"There is no such state: use pending, retrying, replicated, dead-lettered, deleted, missing, damaged, held, or none for all but deleted");
	}

	/**
	 * Opaque, so that clients send it back as it is.
	 */
	private static String cursor(MediaId id) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(id.key());
	}

	private static MediaId place(String cursor) {
		try {
			return MediaId.parse(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(ProblemType.INVALID_REQUEST,
					"The cursor 'after' is not one that this listing gave: send back 'next' as it was", ex);
		}
	}

	/**
	 * A page of files as the API shows it.
	 */
	record FilesView(List<FileView> files, @Nullable String next) {

	}

}
