package dev.holdfast.app.api;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the description of the API.
 */
@RestController
class OpenApiController {

	private static final Resource DOCUMENT = new ClassPathResource("openapi.yaml", OpenApiController.class);

	@GetMapping("/api/v1/openapi.yaml")
	ResponseEntity<Resource> document() {
		return ResponseEntity.ok()
			.contentType(new MediaType("application", "yaml"))
			.header("Access-Control-Allow-Origin", "*")
			.body(DOCUMENT);
	}

}
