package dev.holdfast.worker.kafka;

import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What speaks to Kafka beside the binder.
 */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

	private static final String INPUT_BINDINGS = "inputBindingLifecycle";

	/**
	 * The binder's own starter of bindings gives way to one that waits to be told. It
	 * comes from an auto-configuration without a condition, so that its definition has to
	 * be replaced.
	 */
	@Bean
	static BeanDefinitionRegistryPostProcessor deferredInputBindings() {
		return (BeanDefinitionRegistry registry) -> {
			registry.removeBeanDefinition(INPUT_BINDINGS);
			RootBeanDefinition definition = new RootBeanDefinition(DeferredInputBindings.class);
			definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
			definition.setDependsOn("bindingService");
			registry.registerBeanDefinition(INPUT_BINDINGS, definition);
		};
	}

	@Bean
	StableMembership stableMembership(MembershipProperties properties) {
		return new StableMembership(properties.dataDir());
	}

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	/**
	 * Runs what is due later; nothing of it blocks. What is cancelled is forgotten at
	 * once and not when it would have been due.
	 */
	@Bean(destroyMethod = "shutdownNow")
	ScheduledExecutorService timer() {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
				Thread.ofVirtual().name("timer").factory());
		timer.setRemoveOnCancelPolicy(true);
		return timer;
	}

	@Bean
	KafkaPublisher publisher(KafkaProperties kafka, ScheduledExecutorService timer) {
		return new KafkaPublisher(kafka.buildProducerProperties(), timer);
	}

	@Bean
	KafkaConnection kafkaConnection(KafkaProperties kafka, KafkaTopicsProperties topics, Clock clock) {
		return new KafkaConnection(kafka.buildAdminProperties(), topics.replicationFactor(), clock);
	}

}
