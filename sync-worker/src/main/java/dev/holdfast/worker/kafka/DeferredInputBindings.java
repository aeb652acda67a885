package dev.holdfast.worker.kafka;

import java.util.Map;

import org.springframework.cloud.stream.binding.Bindable;
import org.springframework.cloud.stream.binding.BindingService;
import org.springframework.cloud.stream.binding.InputBindingLifecycle;

/**
 * Binds the functions to their topics when told to, and not when the context starts:
 * binding asks the broker and, where there is none, holds up the start for a minute.
 */
final class DeferredInputBindings extends InputBindingLifecycle {

	DeferredInputBindings(BindingService bindingService, Map<String, Bindable> bindables) {
		super(bindingService, bindables);
	}

	@Override
	public boolean isAutoStartup() {
		return false;
	}

}
