package deployctl.state;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A document in memory: the model that every other store is held against. */
public final class MemoryDocument implements StateDocument {
  private @Nullable StateObject current;
  private @Nullable StateObject last;
  private int writes;
  private final Supplier<Instant> clock;

  /** Make an empty one in which time stands still. */
  public MemoryDocument() {
    this(() -> Instant.EPOCH);
  }

  /** Make an empty one with a clock. */
  public MemoryDocument(Supplier<Instant> clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Optional<StateObject> read() {
    return Optional.ofNullable(current);
  }

  @Override
  public synchronized boolean compareAndSet(@Nullable String expected, byte[] content) {
    if (!Objects.equals(expected, current == null ? null : current.version())) {
      return false;
    }
    writes++;
    last = current;
    current = new StateObject(content.clone(), "v" + writes, clock.get());
    return true;
  }

  @Override
  public Turn beginTurn() {
    return () -> {};
  }

  @Override
  public synchronized Optional<byte[]> lastGeneration() {
    return Optional.ofNullable(last).map(StateObject::content);
  }

  @Override
  public synchronized String replaceDamaged(byte[] content, String mark) {
    writes++;
    current = new StateObject(content.clone(), "v" + writes, clock.get());
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
