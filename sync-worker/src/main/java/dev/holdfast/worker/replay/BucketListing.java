package dev.holdfast.worker.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import dev.holdfast.worker.store.ObjectPage;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Lists a bucket in several ranges at a time. Where to cut is known from the keys that
 * are expected there; what lies outside them is of no interest.
 * <p>
 * A store that lists in another order than that of the keys' UTF-8 bytes may lose keys
 * this way. They count as not listed, and are looked at one by one.
 */
final class BucketListing {

	/** Fewer keys than this are not worth a range of their own. */
	private static final int KEYS_PER_RANGE = 4000;

	private final ObjectStore store;

	private final String prefix;

	private final int ranges;

	BucketListing(ObjectStore store, String prefix, int ranges) {
		this.store = store;
		this.prefix = prefix;
		this.ranges = ranges;
	}

	/**
	 * Lists.
	 * @param expected the keys that are expected, in any order
	 * @param found told of each object, by several threads
	 */
	void list(List<String> expected, Consumer<ObjectPage.Entry> found) throws StoreException, InterruptedException {
		if (expected.isEmpty()) {
			return;
		}
		List<@Nullable String> cuts = cuts(expected);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<?>> listings = new ArrayList<>();
			for (int i = 0; i + 1 < cuts.size(); i++) {
				String after = cuts.get(i);
				String last = cuts.get(i + 1);
				listings.add(threads.submit((Callable<@Nullable Void>) () -> {
					listRange(after, last, found);
					return null;
				}));
			}
			try {
				for (Future<?> listing : listings) {
					listing.get();
				}
			}
			catch (ExecutionException ex) {
				threads.shutdownNow();
				throw failure(ex);
			}
			catch (InterruptedException ex) {
				threads.shutdownNow();
				throw ex;
			}
		}
	}

	private static StoreException failure(ExecutionException failure) throws InterruptedException {
		return switch (failure.getCause()) {
			case StoreException ex -> ex;
			case InterruptedException ex -> throw ex;
			case null, default -> throw new IllegalStateException("The bucket could not be listed", failure.getCause());
		};
	}

	/** Each range begins behind one cut and ends with the next. */
	private List<@Nullable String> cuts(List<String> expected) {
		int count = Math.clamp(expected.size() / KEYS_PER_RANGE, 1, this.ranges);
		List<String> sorted = expected.stream().sorted(KeyOrder::compare).toList();
		List<@Nullable String> cuts = new ArrayList<>();
		cuts.add(null);
		for (int i = 1; i < count; i++) {
			cuts.add(sorted.get((int) ((long) i * sorted.size() / count)));
		}
		cuts.add(sorted.getLast());
		return cuts;
	}

	private void listRange(@Nullable String after, @Nullable String last, Consumer<ObjectPage.Entry> found)
			throws StoreException, InterruptedException {
		String from = after;
		while (true) {
			ObjectPage page = this.store.list(this.prefix, from);
			for (ObjectPage.Entry object : page.objects()) {
				if (last != null && KeyOrder.compare(object.key(), last) > 0) {
					return;
				}
				found.accept(object);
			}
			if (page.last() || page.objects().isEmpty()) {
				return;
			}
			from = page.objects().getLast().key();
		}
	}

}
