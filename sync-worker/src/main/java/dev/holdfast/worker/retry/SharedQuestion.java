package dev.holdfast.worker.retry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/**
 * A question that several may have at the same moment, and that is asked once for all of
 * them. Asked on a thread of its own, so that one of them who is interrupted does not
 * take the answer from the others.
 */
final class SharedQuestion {

	private CompletableFuture<Boolean> answer = CompletableFuture.completedFuture(false);

	/**
	 * The answer, to the question that is under way or else to this one.
	 * @throws IllegalStateException where asking ended with an exception
	 */
	boolean ask(BooleanSupplier question) throws InterruptedException {
		CompletableFuture<Boolean> wanted;
		synchronized (this) {
			if (this.answer.isDone()) {
				this.answer = CompletableFuture.supplyAsync(question::getAsBoolean,
						(task) -> Thread.ofVirtual().name("probe").start(task));
			}
			wanted = this.answer;
		}
		try {
			return wanted.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("Asking did not end", ex);
		}
	}

}
