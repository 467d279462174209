package deployctl.coordinator;

import deployctl.registry.Deployment;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.Failure;
import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Stays with a place that was got and renews its lease, until the place is given up or lost. */
public final class LeaseKeeper {
  /** How a stay ended. */
  public enum End {
    /** Somebody released the deployment, or removed its entry. */
    RELEASED,
    /** The lease ran out, and another took the place. */
    LOST
  }

  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Coordinator coordinator;
  private final Duration lease;
  private final Duration renewEvery;
  private final Duration lookEvery;
  private final Time time;
  private final Consumer<String> warnings;

  /**
   * Make a keeper.
   *
   * @param lease how long each renewal lasts; it is renewed when a quarter of it has passed
   * @param warnings hears when the registry cannot be reached for a while
   */
  public LeaseKeeper(
      Coordinator coordinator, Duration lease, Time time, Consumer<String> warnings) {
    this.coordinator = coordinator;
    this.lease = lease;
    this.renewEvery = lease.dividedBy(4);
    this.lookEvery = renewEvery.compareTo(LOOK) < 0 ? renewEvery : LOOK;
    this.time = time;
    this.warnings = warnings;
  }

  /** Keep the place of {@code entry} and return why that ended. */
  public End keep(Deployment entry) {
    Deadline renewal = Deadline.in(renewEvery, time);
    boolean warned = false;
    while (true) {
      sleep();
      try {
        Optional<Deployment> now = find(entry);
        if (now.isPresent() && renewal.passed()) {
          now = coordinator.renew(entry.correlationId(), entry.fencingToken(), lease);
          renewal = Deadline.in(renewEvery, time);
        }
        if (now.isEmpty()) {
          return takenOver(entry) ? End.LOST : End.RELEASED;
        }
        warned = false;
      } catch (RegistryUnavailable e) {
        // The lease may outlast the trouble; nobody takes the place while it runs.
        if (!warned) {
          warnings.accept("Cannot renew the lease: " + e.what());
          warned = true;
        }
      }
    }
  }

  private Optional<Deployment> find(Deployment entry) {
    return coordinator.list(false, null).stream()
        .filter(e -> e.correlationId().equals(entry.correlationId()))
        .filter(e -> e.fencingToken() == entry.fencingToken())
        .findFirst();
  }

  private boolean takenOver(Deployment entry) {
    List<Deployment> all = coordinator.list(true, null);
    return all.stream()
        .filter(e -> e.correlationId().equals(entry.correlationId()))
        .anyMatch(e -> e.toJson().has("taken_over_by"));
  }

  private void sleep() {
    try {
      time.sleep(lookEvery);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.Kind.FAILED, "Interrupted while holding the place", "", e);
    }
  }
}
