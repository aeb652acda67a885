package dev.holdfast.worker.replicate;

import java.time.Duration;
import java.util.Map;

import dev.holdfast.model.VolumeName;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What becomes of the replicas of deleted files.
 *
 * @param policy for each volume, by its name: {@code keep}, {@code trash} or
 * {@code mirror}; a volume that is not named keeps them
 * @param grace how long what the policy {@code trash} moved aside stays, in a bucket that
 * is not versioned; a versioned one keeps versions as its own lifecycle rules say
 */
@ConfigurationProperties("holdfast.deletes")
public record DeleteProperties(@DefaultValue Map<String, DeletePolicy> policy, @DefaultValue("30d") Duration grace) {

	/**
	 * Checks the names and the duration.
	 * @throws IllegalArgumentException where a name cannot be a volume's, or the grace
	 * time is not positive
	 */
	public DeleteProperties {
		policy = Map.copyOf(policy);
		policy.keySet().forEach(VolumeName::new);
		if (!grace.isPositive()) {
			throw new IllegalArgumentException("holdfast.deletes.grace is " + grace + ": give more than 0s");
		}
	}

	/**
	 * The policy of a volume.
	 */
	public DeletePolicy policyOf(VolumeName volume) {
		return this.policy.getOrDefault(volume.value(), DeletePolicy.KEEP);
	}

	/**
	 * Whether anything is ever moved to the trash.
	 */
	public boolean usesTrash() {
		return this.policy.containsValue(DeletePolicy.TRASH);
	}

}
