package dev.holdfast.worker.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes network calls end soon after an interrupt. A virtual thread that is interrupted
 * while it waits for a socket is woken, a platform thread is not: so calls of platform
 * threads are made on a virtual one.
 */
final class Interruptible {

	private Interruptible() {
	}

	/**
	 * What is to be called.
	 *
	 * @param <T> what it returns
	 * @param <X> what it may throw besides
	 */
	@FunctionalInterface
	interface Call<T, X extends Exception> {

		T call() throws StoreException, InterruptedException, X;

	}

	static <T, X extends Exception> T call(Call<T, X> call) throws StoreException, InterruptedException, X {
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
		if (Thread.currentThread().isVirtual()) {
			return call.call();
		}
		FutureTask<T> task = new FutureTask<>(call::call);
		Thread thread = Thread.ofVirtual().name("store-call-of-" + Thread.currentThread().getName()).start(task);
		try {
			return task.get();
		}
		catch (InterruptedException ex) {
			thread.interrupt();
			joinFully(thread);
			throw ex;
		}
		catch (ExecutionException ex) {
			rethrowKnown(ex);
			@SuppressWarnings("unchecked") // what remains can only be what the call
											// declares
			X declared = (X) ex.getCause();
			throw declared;
		}
	}

	/**
	 * It ends soon, and what it began to clean up is to be done when the caller goes on.
	 */
	private static void joinFully(Thread thread) {
		boolean again = false;
		while (thread.isAlive()) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				again = true;
			}
		}
		if (again) {
			Thread.currentThread().interrupt();
		}
	}

	private static void rethrowKnown(ExecutionException failure) throws StoreException, InterruptedException {
		switch (failure.getCause()) {
			case StoreException ex -> throw ex;
			case InterruptedException ex -> throw ex;
			case RuntimeException ex -> throw ex;
			case Error error -> throw error;
			case null -> throw new IllegalStateException(failure);
			default -> {
				// An exception that the call declares.
			}
		}
	}

}
