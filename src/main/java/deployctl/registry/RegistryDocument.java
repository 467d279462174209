package deployctl.registry;

import deployctl.support.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A working copy of the registry's content: the entries in the order they came, and the fencing
 * numbers.
 */
public final class RegistryDocument {
  static final String FENCING = "fencing_tokens";
  private static final String FENCING_FLOOR = "fencing_floor";

  private final JsonObject header;
  private final List<Deployment> deployments;
  private final List<JsonObject> unusable;
  private boolean changed;

  RegistryDocument(JsonObject header, List<Deployment> deployments, List<JsonObject> unusable) {
    this.header = header;
    this.unusable = List.copyOf(unusable);
    this.deployments = new ArrayList<>(deployments);
  }

  /** Return a registry without entries. */
  public static RegistryDocument empty() {
    return new RegistryDocument(new JsonObject(), List.of(), List.of());
  }

  /** Return all entries, oldest first. */
  public List<Deployment> deployments() {
    return Collections.unmodifiableList(deployments);
  }

  /** Return the entries that hold a deployment lock, oldest first. */
  public Stream<Deployment> active() {
    return deployments.stream().filter(entry -> entry.status() == DeploymentStatus.IN_PROGRESS);
  }

  /** Return the entries that wait, first come first. */
  public Stream<Deployment> queued() {
    return deployments.stream().filter(entry -> entry.status() == DeploymentStatus.QUEUED);
  }

  /**
   * Return the entries that hold the lock of an environment or stack, oldest first.
   *
   * @param except an id that does not count, or null
   */
  public List<Deployment> holders(
      @Nullable String environment, @Nullable String stack, @Nullable String except) {
    return active()
        .filter(entry -> entry.concerns(environment, stack))
        .filter(entry -> !entry.correlationId().equals(except))
        .toList();
  }

  /**
   * Return the tickets for an environment or stack that are not abandoned and stand before that of
   * {@code self}; all of them when it has none.
   */
  public Stream<Deployment> waitingAhead(
      String self, @Nullable String environment, @Nullable String stack, Instant now) {
    return queued()
        .takeWhile(ticket -> !ticket.correlationId().equals(self))
        .filter(ticket -> ticket.concerns(environment, stack))
        .filter(ticket -> !ticket.abandoned(now));
  }

  /**
   * Return the entry of that id, or null for none; of several, which the scripts could leave, one
   * that is not over.
   */
  public @Nullable Deployment find(String correlationId) {
    int at = indexOf(correlationId);
    return at < 0 ? null : deployments.get(at);
  }

  /** Add an entry behind all others, or replace the one with its id. */
  public void put(Deployment entry) {
    changed = true;
    int at = indexOf(entry.correlationId());
    if (at < 0) {
      deployments.add(entry);
    } else {
      deployments.set(at, entry);
    }
  }

  private int indexOf(String correlationId) {
    int found = -1;
    for (int i = 0; i < deployments.size(); i++) {
      if (deployments.get(i).correlationId().equals(correlationId)) {
        found = i;
        if (!deployments.get(i).status().finished()) {
          return i;
        }
      }
    }
    return found;
  }

  /** Remove the entries that {@code unwanted} names and return how many there were. */
  public int removeIf(Predicate<Deployment> unwanted) {
    int before = deployments.size();
    deployments.removeIf(unwanted);
    changed |= deployments.size() != before;
    return before - deployments.size();
  }

  /**
   * Return the next fencing number of an environment: greater than every one before, those of
   * removed entries included.
   */
  public long nextFencingToken(String environment) {
    JsonObject tokens = header.object(FENCING);
    long floor = header.integer(FENCING_FLOOR, 0);
    long last = tokens == null ? floor : Math.max(floor, tokens.integer(environment, 0));
    for (Deployment entry : deployments) {
      if (environment.equals(entry.environment())) {
        last = Math.max(last, entry.fencingToken());
      }
    }
    JsonObject counted = tokens == null ? new JsonObject() : tokens.copy();
    header.put(FENCING, counted.put(environment, last + 1));
    changed = true;
    return last + 1;
  }

  /** Have all fencing numbers to come be greater than {@code floor}. */
  void startFencingAt(long floor) {
    header.put(FENCING_FLOOR, floor);
    changed = true;
  }

  /** Tell whether anything was changed since it was read. */
  public boolean changed() {
    return changed;
  }

  /** Have it written although its content is the same. */
  public void touch() {
    changed = true;
  }

  List<JsonObject> unusable() {
    return unusable;
  }

  JsonObject header() {
    return header;
  }
}
