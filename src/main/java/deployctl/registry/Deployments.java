package deployctl.registry;

import deployctl.state.StateUnavailable;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The registry's entries for those who look at them and tidy up. */
public final class Deployments {
  private final Registry registry;
  private final Journal journal;
  private final Time time;

  /** Make a view on a registry; what it changes goes into the journal. */
  public Deployments(Registry registry, Journal journal, Time time) {
    this.registry = registry;
    this.journal = journal;
    this.time = time;
  }

  /**
   * Return the deployments that hold a lock, oldest first.
   *
   * @param environment only what concerns that one, or null for all
   * @param stack the stack of that environment, for entries that name only the stack; or null
   * @throws StateUnavailable when the registry cannot be read
   */
  public List<Deployment> active(@Nullable String environment, @Nullable String stack) {
    return registry
        .read()
        .active()
        .filter(entry -> environment == null || entry.concerns(environment, stack))
        .toList();
  }

  /** Return the entry of that id, or null for none. */
  public @Nullable Deployment find(String correlationId) {
    return registry.read().find(correlationId);
  }

  /** Tell whether there is no registry yet. */
  public boolean missing() {
    return registry.isMissing();
  }

  /** Return a sentence on a registry that there is not yet, for who finds nothing in it. */
  public String missingSentence() {
    return "There is no registry at "
        + registry.location()
        + " yet: nobody has registered a deployment there ('deployctl coordinator init' makes one)";
  }

  /** Return the entries in the order they came: those that wait or hold a lock, or all. */
  public List<Deployment> list(boolean all, @Nullable String environment) {
    return registry.read().deployments().stream()
        .filter(entry -> all || !entry.status().finished())
        .filter(entry -> environment == null || environment.equals(entry.environment()))
        .toList();
  }

  /** Return the tickets in the order of the queue, only of one environment or of all. */
  public List<Deployment> queue(@Nullable String environment) {
    return registry
        .read()
        .queued()
        .filter(entry -> environment == null || environment.equals(entry.environment()))
        .toList();
  }

  /**
   * Remove an entry, whatever it is; returns whether there was one.
   *
   * @throws Failure when the process behind it lives on this machine
   */
  public boolean cleanup(String correlationId) {
    boolean removed =
        registry.update(
            document -> {
              Deployment entry = document.find(correlationId);
              if (entry != null) {
                entry.checkNotAlive(time.now());
              }
              return document.removeIf(one -> one.correlationId().equals(correlationId)) > 0;
            });
    if (removed) {
      journal.record("coordinator cleanup", correlationId, "removed");
    }
    return removed;
  }

  /** Remove the entries that were over before {@code age} ago, and return them. */
  public List<Deployment> prune(Duration age, boolean dryRun) {
    Instant limit = time.now().minus(age);
    if (dryRun) {
      return overBefore(registry.read(), limit);
    }
    List<Deployment> pruned =
        registry.update(
            document -> {
              List<Deployment> old = overBefore(document, limit);
              document.removeIf(old::contains);
              return old;
            });
    if (!pruned.isEmpty()) {
      journal.record(
          "coordinator prune",
          "older than " + Timestamps.format(limit),
          "removed " + pruned.size());
    }
    return pruned;
  }

  private static List<Deployment> overBefore(RegistryDocument document, Instant limit) {
    return document.deployments().stream()
        .filter(
            entry -> {
              Instant end = entry.finishedAt() != null ? entry.finishedAt() : entry.updatedAt();
              return entry.status().finished() && end != null && end.isBefore(limit);
            })
        .toList();
  }
}
