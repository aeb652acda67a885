package dev.holdfast.worker.store;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InMemoryObjectStoreTest extends ObjectStoreContract {

	private final InMemoryObjectStore store = new InMemoryObjectStore();

	@Override
	ObjectStore store() {
		return this.store;
	}

	@Test
	void anUnversionedBucketHidesNothingAndErasesWhatWasLookedAt() throws Exception {
		InMemoryObjectStore unversioned = new InMemoryObjectStore(false);
		StoredObject seen = unversioned.putForeign("a", bytes(1, 1));
		assertFails(StoreException.Kind.PERMANENT, () -> unversioned.remove(seen));
		assertThat(unversioned.head("a")).isPresent();
		StoredObject newer = unversioned.putForeign("a", bytes(1, 2));
		assertFails(StoreException.Kind.CONFLICT, () -> {
			unversioned.erase(seen);
			return true;
		});
		unversioned.erase(newer);
		assertThat(unversioned.head("a")).isEmpty();
	}

}
