package dev.holdfast.app.scan;

import java.util.List;
import java.util.Map;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Has volumes scanned, and tells of the scans.
 */
@RestController
class ScansController {

	private final ScanRunner scans;

	ScansController(ScanRunner scans) {
		this.scans = scans;
	}

	/**
	 * Asks for a scan of a volume or a directory of it, or of every volume.
	 */
	@PostMapping("/api/v1/scans")
	@ResponseStatus(HttpStatus.ACCEPTED)
	Map<String, List<ScanJson>> ask(@RequestBody(required = false) @Nullable Request body) {
		Request request = (body == null) ? new Request(null, null, null) : body;
		String path = (request.path() == null) ? "" : request.path().replaceAll("/+$", "");
		List<VolumeName> volumes = volumes(request.volume());
		if (!path.isEmpty() && volumes.size() > 1) {
			throw new ProblemException(ProblemType.INVALID_REQUEST,
					"There are several volumes: name the one that '" + path + "' is on");
		}
		boolean checksum = Boolean.TRUE.equals(request.checksum());
		return Map.of("scans",
				volumes.stream().map((volume) -> ScanJson.of(this.scans.ask(volume, path, checksum))).toList());
	}

	private List<VolumeName> volumes(@Nullable String named) {
		if (named == null || named.isEmpty()) {
			return this.scans.names();
		}
		VolumeName volume = new VolumeName(named);
		if (!this.scans.names().contains(volume)) {
			throw new ProblemException(ProblemType.NO_SUCH_VOLUME,
					"There is no volume '" + named + "': set holdfast.volumes." + named + " to have one");
		}
		return List.of(volume);
	}

	/**
	 * The scans that wait, run, and were the last, the latest first.
	 */
	@GetMapping("/api/v1/scans")
	Map<String, List<ScanJson>> list() {
		return Map.of("scans", this.scans.views().stream().map(ScanJson::of).toList());
	}

	/**
	 * One of them.
	 */
	@GetMapping("/api/v1/scans/{id}")
	ScanJson one(@PathVariable String id) {
		try {
			return this.scans.view(Long.parseLong(id))
				.map(ScanJson::of)
				.orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no scan " + id
						+ ", or it was long ago, or before the last start: see /api/v1/scans"));
		}
		catch (NumberFormatException ex) {
			throw new ProblemException(ProblemType.INVALID_REQUEST, "The id of a scan is a number", ex);
		}
	}

	/**
	 * What to scan.
	 *
	 * @param volume the volume, all where it is absent
	 * @param path a directory on it, all of it where it is absent
	 * @param checksum whether to read every file
	 */
	record Request(@Nullable String volume, @Nullable String path, @Nullable Boolean checksum) {

	}

}
