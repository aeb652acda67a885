package dev.holdfast.it.harness;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A {@link Stack} that runs for all tests of a class, and prints the ends of its logs
 * where one of them fails.
 */
public final class Running implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback,
		TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

	private final Supplier<Stack> plan;

	private @Nullable Stack stack;

	private Running(Supplier<Stack> plan) {
		this.plan = plan;
	}

	/**
	 * A stack of this class's own, to break as it likes.
	 */
	public static Running stack(Supplier<Stack> plan) {
		return new Running(plan);
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
		}
		catch (RuntimeException | AssertionError ex) {
			System.out.println(this.stack.report());
			this.stack.close();
			throw ex;
		}
	}

	/** A test that failed half-way leaves parts behind that do not run. */
	@Override
	public void beforeEach(ExtensionContext context) {
		get().up();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		if (this.stack != null) {
			this.stack.close();
		}
	}

	@Override
	public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		System.out
			.println("Logs after " + context.getDisplayName() + " failed with " + failure + ":\n" + get().report());
		throw failure;
	}

	@Override
	public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		handleTestExecutionException(context, failure);
	}

}
