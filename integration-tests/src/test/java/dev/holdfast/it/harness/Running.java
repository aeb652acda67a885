package dev.holdfast.it.harness;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A {@link Stack} that runs for all tests of a class, or of several that leave each other
 * alone, and prints the ends of its logs where one of them fails.
 */
public final class Running implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback,
		TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

	private static final Map<Shared, Stack> SHARED = new EnumMap<>(Shared.class);

	private final Supplier<Stack> plan;

	private final boolean own;

	private @Nullable Stack stack;

	private boolean failed;

	private Running(Supplier<Stack> plan, boolean own) {
		this.plan = plan;
		this.own = own;
	}

	/**
	 * Stacks that outlive a class, because each start of a process takes seconds. Their
	 * tests keep to files of their own, look only at what has come about since they
	 * began, and leave everything running.
	 */
	public enum Shared {

		/** As it is deployed, but for a store that is soon found to hang. */
		PLAIN("plain") {

			@Override
			Stack.Builder plan(Stack.Builder builder) {
				return builder.worker("--holdfast.store.socket-timeout=5s");
			}

		},

		/**
		 * With a store that does what it is told, quick rounds of the retry lane, and
		 * nobody who tells when a test does something to a file behind the worker's back.
		 */
		FAULTY("faulty") {

			@Override
			Stack.Builder plan(Stack.Builder builder) {
				return builder.faulty().worker(Stack.SHORT_LANES).app("--holdfast.watch.mode=off");
			}

		};

		private final String title;

		Shared(String title) {
			this.title = title;
		}

		abstract Stack.Builder plan(Stack.Builder builder);

	}

	/**
	 * A stack that other classes use, too, one after the other. It is ended with the JVM.
	 */
	public static Running shared(Shared shared) {
		return new Running(() -> SHARED.computeIfAbsent(shared, (_) -> shared.plan(Stack.named(shared.title)).build()),
				false);
	}

	/**
	 * A stack of this class's own, to break as it likes.
	 */
	public static Running stack(Supplier<Stack> plan) {
		return new Running(plan, true);
	}

	/**
	 * The stack.
	 */
	public Stack get() {
		if (this.stack == null) {
			throw new IllegalStateException("The stack runs only while tests do");
		}
		return this.stack;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		this.stack = this.plan.get();
		try {
			this.stack.up();
			if (!this.own) {
				this.stack.awaitNothingWaits();
			}
		}
		catch (RuntimeException | AssertionError ex) {
			System.out.println(this.stack.report());
			end(this.stack);
			throw ex;
		}
	}

	/** For the next class that wants it, a shared one is made anew. */
	private static void end(Stack stack) {
		SHARED.values().remove(stack);
		stack.close();
	}

	/** A test that failed half-way leaves parts behind that do not run. */
	@Override
	public void beforeEach(ExtensionContext context) {
		get().up();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		// What a failed test leaves behind must not fail others.
		if (this.stack != null && (this.own || this.failed)) {
			end(this.stack);
		}
	}

	@Override
	public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		this.failed = true;
		System.out
			.println("Logs after " + context.getDisplayName() + " failed with " + failure + ":\n" + get().report());
		throw failure;
	}

	@Override
	public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		handleTestExecutionException(context, failure);
	}

	@Override
	public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		handleTestExecutionException(context, failure);
	}

}
