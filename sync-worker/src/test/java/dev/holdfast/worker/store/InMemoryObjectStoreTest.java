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
	void anUnversionedBucketRemovesNothing() throws Exception {
		InMemoryObjectStore unversioned = new InMemoryObjectStore(false);
		unversioned.putForeign("a", bytes(1, 1));
		assertFails(StoreException.Kind.PERMANENT, () -> unversioned.remove("a"));
		assertThat(unversioned.head("a")).isPresent();
	}

}
