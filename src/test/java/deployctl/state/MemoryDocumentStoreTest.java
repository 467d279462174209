package deployctl.state;

class MemoryDocumentStoreTest extends DocumentStoreContract {
  private final MemoryDocumentStore store = new MemoryDocumentStore();

  @Override
  protected DocumentStore store() {
    return store;
  }
}
