package dev.holdfast.app.kafka;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.CommonClientConfigs;

import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Where Kafka is and how to get in, by Boot's {@code spring.kafka} settings.
 */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

	@Bean
	KafkaClients kafkaClients(KafkaProperties settings, KafkaConnectionDetails where) {
		return new KafkaClients(at(settings.buildAdminProperties(), where.getAdmin()),
				at(settings.buildProducerProperties(), where.getProducer()),
				at(settings.buildConsumerProperties(), where.getConsumer()));
	}

	private static Map<String, Object> at(Map<String, Object> settings, KafkaConnectionDetails.Configuration where) {
		Map<String, Object> config = new HashMap<>(settings);
		List<String> servers = where.getBootstrapServers();
		config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
		String protocol = where.getSecurityProtocol();
		if (protocol != null) {
			config.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
		}
		return config;
	}

	@Bean(initMethod = "start")
	KafkaLink kafkaLink(KafkaClients clients, KafkaSettings settings) {
		return new KafkaLink(clients, settings.replicationFactor(), Clock.systemUTC(), KafkaLink.Pace.USUAL);
	}

}
