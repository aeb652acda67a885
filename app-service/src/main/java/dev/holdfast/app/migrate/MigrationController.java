package dev.holdfast.app.migrate;

import java.net.URI;
import java.util.List;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Begins migrations and tells how far they are.
 */
@RestController
class MigrationController {

	private static final String PATH = "/api/v1/migrations";

	private final Migrations migrations;

	MigrationController(Migrations migrations) {
		this.migrations = migrations;
	}

	/**
	 * Begins one.
	 */
	@PostMapping(PATH)
	ResponseEntity<MigrationView> start(@RequestBody MigrationRequest request) {
		Migration migration = this.migrations.start(request);
		return ResponseEntity.accepted().location(URI.create(PATH + "/" + migration.id())).body(migration.view());
	}

	/**
	 * The last ones, the oldest first.
	 */
	@GetMapping(PATH)
	MigrationsView all() {
		return new MigrationsView(this.migrations.all().stream().map(Migration::view).toList());
	}

	/**
	 * How far one is.
	 */
	@GetMapping(PATH + "/{id}")
	MigrationView one(@PathVariable String id) {
		return find(id).view();
	}

	/**
	 * Ends one between two files.
	 */
	@DeleteMapping(PATH + "/{id}")
	ResponseEntity<MigrationView> stop(@PathVariable String id) {
		Migration migration = find(id);
		migration.stop();
		return ResponseEntity.accepted().body(migration.view());
	}

	private Migration find(String id) {
		return this.migrations.find(id)
			.orElseThrow(() -> new ProblemException(ProblemType.NO_SUCH_MIGRATION, "There is no migration '" + id
					+ "': app-service forgets them when it stops. Begin it again, and it goes on"));
	}

	/**
	 * Migrations as the API shows them.
	 */
	record MigrationsView(List<MigrationView> migrations) {

	}

}
