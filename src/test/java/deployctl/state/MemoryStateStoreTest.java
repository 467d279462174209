package deployctl.state;

class MemoryStateStoreTest extends StateStoreContract {
  private final MemoryStateStore store = new MemoryStateStore();

  @Override
  protected StateStore store() {
    return store;
  }
}
