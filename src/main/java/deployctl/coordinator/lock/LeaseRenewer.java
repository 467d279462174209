package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.Failure;
import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.function.Consumer;

/** Stays with a place that was got and renews its lease, until the place is given up or lost. */
public final class LeaseRenewer {
  /** How a stay ended. */
  public enum End {
    /** Somebody finished the deployment. */
    RELEASED,
    /** Another took the place, the entry is gone, or the lease ran out unrenewed. */
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
  public LeaseRenewer(
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
    Deadline leaseEnd = Deadline.in(lease, time);
    boolean warned = false;
    while (true) {
      sleep();
      try {
        Deployment now = coordinator.find(entry.correlationId());
        if (now == null || now.fencingToken() != entry.fencingToken()) {
          return End.LOST;
        }
        if (now.status().finished()) {
          return now.toJson().has("taken_over_by") ? End.LOST : End.RELEASED;
        }
        if (renewal.passed()
            && coordinator.renew(entry.correlationId(), entry.fencingToken(), lease).isPresent()) {
          renewal = Deadline.in(renewEvery, time);
          leaseEnd = Deadline.in(lease, time);
        }
        warned = false;
      } catch (RegistryUnavailable e) {
        if (leaseEnd.passed()) {
          // Others may have it by now, for all that can be told from here.
          return End.LOST;
        }
        if (!warned) {
          warnings.accept("Cannot renew the lease: " + e.what());
          warned = true;
        }
      }
    }
  }

  private void sleep() {
    try {
      time.sleep(lookEvery);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.FailureKind.FAILED, "Interrupted while holding the place", "", e);
    }
  }
}
