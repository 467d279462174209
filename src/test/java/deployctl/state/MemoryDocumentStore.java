package deployctl.state;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A document in memory: the model that every other store is held against. */
public final class MemoryDocumentStore implements DocumentStore {
  private @Nullable Document current;
  private @Nullable Document last;
  private int writes;

  @Override
  public synchronized Optional<Document> read() {
    return Optional.ofNullable(current);
  }

  @Override
  public synchronized boolean compareAndSet(@Nullable String expected, byte[] content) {
    if (!Objects.equals(expected, current == null ? null : current.version())) {
      return false;
    }
    writes++;
    last = current;
    current = new Document(content.clone(), "v" + writes);
    return true;
  }

  @Override
  public Turn beginTurn() {
    return () -> {};
  }

  @Override
  public synchronized Optional<byte[]> lastGeneration() {
    return Optional.ofNullable(last).map(Document::content);
  }

  @Override
  public synchronized String replaceDamaged(byte[] content, String mark) {
    writes++;
    current = new Document(content.clone(), "v" + writes);
    return "memory.corrupt-" + mark;
  }

  @Override
  public String location() {
    return "memory";
  }

  /** Return how often the document was written. */
  public synchronized int writes() {
    return writes;
  }
}
