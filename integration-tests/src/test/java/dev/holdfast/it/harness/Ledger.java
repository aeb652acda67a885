package dev.holdfast.it.harness;

import java.util.List;

import dev.holdfast.model.Replicated;

/**
 * The check that no ledger record lies.
 */
public final class Ledger {

	private Ledger() {
	}

	/**
	 * The {@code Replicated} records whose bytes are not in the bucket: the object
	 * version that each names is read and hashed, once, as a version keeps its bytes.
	 */
	public static List<Replicated> lies(Stack stack) {
		return stack.log()
			.replicated()
			.parallelStream()
			.filter((replicated) -> !stack.foundTrue().contains(replicated))
			.filter((replicated) -> !isTrue(stack, replicated))
			.toList();
	}

	private static boolean isTrue(Stack stack, Replicated replicated) {
		boolean there = stack.bucket()
			.digest(replicated.objectKey(), replicated.objectVersion())
			.filter(replicated.digest()::equals)
			.isPresent();
		if (there && replicated.objectVersion() != null) {
			stack.foundTrue().add(replicated);
		}
		return there;
	}

}
