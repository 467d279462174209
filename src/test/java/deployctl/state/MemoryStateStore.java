package deployctl.state;

import deployctl.state.StateCheck.StateCheckStatus;
import deployctl.state.StateCheck.StateFault;
import deployctl.state.StateUnavailable.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * State in memory: the model that every other store is held against, and the fake of most tests.
 */
public final class MemoryStateStore implements StateStore {
  private final Map<String, MemoryDocument> objects = new TreeMap<>();
  private final Map<String, List<String>> logs = new TreeMap<>();
  private final Set<String> claims = new HashSet<>();
  private final Supplier<Instant> clock;

  /** Make an empty one in which nothing ever changes its time. */
  public MemoryStateStore() {
    this(() -> Instant.EPOCH);
  }

  /** Make an empty one with a clock. */
  public MemoryStateStore(Supplier<Instant> clock) {
    this.clock = clock;
  }

  @Override
  public synchronized MemoryDocument document(String name) {
    return objects.computeIfAbsent(name, key -> new MemoryDocument(clock));
  }

  @Override
  public StateLog log(String name) {
    return new StateLog() {
      @Override
      public void append(String line) {
        synchronized (MemoryStateStore.this) {
          logs.computeIfAbsent(name, key -> new ArrayList<>()).add(line);
        }
      }

      @Override
      public List<String> tail(int most) {
        synchronized (MemoryStateStore.this) {
          List<String> all = logs.getOrDefault(name, List.of());
          return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
        }
      }

      @Override
      public String location() {
        return MemoryStateStore.this.location(name);
      }
    };
  }

  private @Nullable MemoryDocument there(String name) {
    MemoryDocument document = objects.get(name);
    return document == null || document.read().isEmpty() ? null : document;
  }

  @Override
  public synchronized Optional<StateObject> read(String name) {
    MemoryDocument document = there(name);
    return document == null ? Optional.empty() : document.read();
  }

  @Override
  public synchronized boolean exists(String name) {
    return there(name) != null || claims.contains("was " + name);
  }

  @Override
  public synchronized boolean create(String name, byte[] content) {
    return document(name).compareAndSet(null, content);
  }

  @Override
  public synchronized void put(String name, byte[] content) {
    MemoryDocument document = document(name);
    document.compareAndSet(document.read().map(StateObject::version).orElse(null), content);
  }

  @Override
  public synchronized boolean remove(String name) {
    boolean there = there(name) != null;
    objects.remove(name);
    return there;
  }

  @Override
  public synchronized boolean move(String from, String to) {
    Optional<StateObject> kept = read(from);
    if (kept.isEmpty()) {
      return false;
    }
    if (!create(to, kept.get().content())) {
      throw new StateUnavailable(Reason.NOT_WRITABLE, to + " is there already", "");
    }
    return remove(from);
  }

  @Override
  public synchronized List<String> list(String prefix) {
    int slash = prefix.lastIndexOf('/') + 1;
    Set<String> names = new TreeSet<>();
    for (String name : objects.keySet()) {
      if (name.startsWith(prefix) && there(name) != null) {
        int end = name.indexOf('/', slash);
        String listed = end < 0 ? name : name.substring(0, end);
        boolean hidden = listed.startsWith(".", slash) && !prefix.startsWith(".", slash);
        if (!hidden) {
          names.add(listed);
        }
      }
    }
    return List.copyOf(names);
  }

  @Override
  public synchronized Optional<Claim> claim(String name, Duration timeout) {
    if (!claims.add(name)) {
      return Optional.empty();
    }
    claims.add("was " + name);
    return Optional.of(
        () -> {
          synchronized (this) {
            claims.remove(name);
          }
        });
  }

  @Override
  public String claimant(String name) {
    return "another process";
  }

  @Override
  public synchronized boolean exists() {
    return !list("").isEmpty();
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void tidy() {}

  @Override
  public void tidy(String folder) {}

  @Override
  public List<StateCheck> inspect(String name) {
    return List.of(
        exists(name)
            ? StateCheck.of("file", StateCheckStatus.PASS, location(name))
            : StateCheck.of("file", StateCheckStatus.FAIL, "there is no " + location(name)));
  }

  @Override
  public StateCheck inspectTurn(String name) {
    return StateCheck.of("lock", StateCheckStatus.PASS, "free");
  }

  @Override
  public StateFault fault(String name, Reason reason) {
    return new StateFault(reason, null, "Nothing helps in memory", List.of(), null);
  }

  @Override
  public String location(String name) {
    return name.isEmpty() ? "memory" : "memory/" + name;
  }
}
