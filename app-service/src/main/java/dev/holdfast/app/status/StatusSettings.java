package dev.holdfast.app.status;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the status page asks for the state of the stores.
 *
 * @param workers base addresses of workers, for example {@code http://worker:8081}
 * @param workerToken the token that the workers take; app-service's own where it is not
 * set
 */
@ConfigurationProperties("holdfast")
record StatusSettings(@DefaultValue List<URI> workers, @Nullable String workerToken) {

	StatusSettings {
		workers = List.copyOf(workers);
	}

	@Override
	public String toString() {
		return "StatusSettings[workers=" + this.workers + ", workerToken="
				+ ((this.workerToken != null) ? "set" : "not set") + "]";
	}

}
