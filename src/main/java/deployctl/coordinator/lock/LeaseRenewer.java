package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import deployctl.registry.HoldState;
import deployctl.state.StateUnavailable;
import deployctl.support.Failure;
import deployctl.support.time.Deadline;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Renews the lease of one deployment's lock, for as long as it is the caller's: the holder's own,
 * with {@link #keep}, or a monitor's, with {@link #check} at each poll.
 *
 * <p>When to renew is measured on the monotonic clock from the last renewal, and on the entry's own
 * time; what comes first counts, so that a clock that steps back lets no lease run out.
 */
public final class LeaseRenewer {
  /** How a lock that was held is given up. */
  public enum LeaseEnd {
    /** Somebody finished the deployment. */
    RELEASED,
    /** Another took the lock, the entry is gone, or the lease ran out unrenewed. */
    LOST
  }

  /**
   * What a check came to.
   *
   * @param entry the deployment's entry, or null where there is none or it cannot be read
   * @param end why the lock is not the caller's any more, or null while it is or may be
   */
  public record LeaseCheck(@Nullable Deployment entry, @Nullable LeaseEnd end) {}

  private static final Duration POLL_EVERY = Duration.ofSeconds(2);

  /** A lease of a process that stays with its lock is renewed by others below this. */
  private static final Duration OWNED_BELOW = Duration.ofSeconds(90);

  private final Coordinator coordinator;
  private final String correlationId;
  private final Duration lease;
  private final Duration renewBelow;
  private final Time time;
  private final Consumer<String> warnings;
  private @Nullable Long token;
  private @Nullable Deadline renewal;
  private boolean warned;

  private LeaseRenewer(
      Coordinator coordinator,
      String correlationId,
      Duration lease,
      Duration renewBelow,
      Time time,
      Consumer<String> warnings) {
    this.coordinator = coordinator;
    this.correlationId = correlationId;
    this.lease = lease;
    this.renewBelow = renewBelow;
    this.time = time;
    this.warnings = warnings;
  }

  /**
   * Make a renewer for the process that holds the lock: each renewal lasts {@code lease}, and is
   * made when a quarter of it has passed.
   *
   * @param warnings hears when the registry cannot be reached for a while
   */
  public static LeaseRenewer ofHolder(
      Coordinator coordinator,
      Deployment entry,
      Duration lease,
      Time time,
      Consumer<String> warnings) {
    LeaseRenewer renewer =
        new LeaseRenewer(
            coordinator,
            entry.correlationId(),
            lease,
            lease.minus(lease.dividedBy(4)),
            time,
            warnings);
    renewer.token = entry.fencingToken();
    renewer.renewal = Deadline.in(lease.dividedBy(4), time);
    return renewer;
  }

  /**
   * Make a renewer for a process that watches a deployment: a lease with less than {@code
   * renewBelow} left is renewed to {@code lease}. The acquisition that it sees first is the one
   * that it renews.
   */
  public static LeaseRenewer ofWatcher(
      Coordinator coordinator,
      String correlationId,
      Duration lease,
      Duration renewBelow,
      Time time,
      Consumer<String> warnings) {
    return new LeaseRenewer(coordinator, correlationId, lease, renewBelow, time, warnings);
  }

  /** Return the deployment's entry, or empty when there is none or it cannot be read. */
  public Optional<Deployment> entry() {
    try {
      Optional<Deployment> found = Optional.ofNullable(read());
      warned = false;
      return found;
    } catch (StateUnavailable e) {
      warn(e.what());
      return Optional.empty();
    }
  }

  /**
   * Look at the entry, and renew its lease when that is due. One that a process stays with is
   * renewed by that process: a watcher keeps it only while the stack's operation goes on, and no
   * longer than the process would, so that a dead owner's lock is soon free; one that is left to it
   * likewise, in case it dies, too.
   *
   * @param atWork whether the operation that is watched goes on
   */
  public LeaseCheck check(boolean atWork) {
    Deployment entry = entry().orElse(null);
    if (entry == null) {
      return new LeaseCheck(null, null);
    }
    LeaseEnd end = endOf(entry);
    boolean owned = entry.owner() != null;
    // A command that outlives its run has nobody else to renew for it.
    boolean alive = owned && entry.hold(time.now()) == HoldState.ALIVE;
    if (end == null && (atWork || !owned || alive)) {
      try {
        if (owned || entry.isLeftToItsWatcher()) {
          renewWhenDue(entry, DeploymentFactory.SHORT_LEASE, OWNED_BELOW);
        } else {
          renewWhenDue(entry, lease, renewBelow);
        }
      } catch (StateUnavailable e) {
        warn("Cannot renew the lease: " + e.what());
      }
    }
    return new LeaseCheck(entry, end);
  }

  /** Stay with the lock, renewing its lease, and return why that ended. */
  public LeaseEnd keep() {
    Duration quarter = lease.dividedBy(4);
    Duration every = quarter.compareTo(POLL_EVERY) < 0 ? quarter : POLL_EVERY;
    Deadline leaseEnd = Deadline.in(lease, time);
    Sleeper sleeper = new Sleeper(time);
    while (true) {
      if (!sleeper.sleep(every)) {
        throw new Failure(Failure.FailureKind.FAILED, "Interrupted while holding the lock", "");
      }
      try {
        Deployment entry = read();
        LeaseEnd end = entry == null ? LeaseEnd.LOST : endOf(entry);
        if (entry == null || end != null) {
          return end == null ? LeaseEnd.LOST : end;
        }
        if (renewWhenDue(entry, lease, renewBelow)) {
          leaseEnd = Deadline.in(lease, time);
        }
        warned = false;
      } catch (StateUnavailable e) {
        if (leaseEnd.passed()) {
          // Others may have it by now, for all that can be told from here.
          return LeaseEnd.LOST;
        }
        warn("Cannot renew the lease: " + e.what());
      }
    }
  }

  /**
   * Write down that the deployment's operation has ended: from then on nobody is told a time left.
   */
  public void operationEnded(String stackStatus, Instant at, boolean succeeded) {
    try {
      Deployment entry = token == null ? read() : null;
      Long held = entry == null ? token : Long.valueOf(entry.fencingToken());
      if (held == null) {
        return;
      }
      coordinator.operationEnded(correlationId, held, stackStatus, at, succeeded);
    } catch (StateUnavailable e) {
      warn("The end of the operation could not be written down: " + e.what());
    }
  }

  private @Nullable Deployment read() {
    return coordinator.deployments().find(correlationId);
  }

  private @Nullable LeaseEnd endOf(Deployment entry) {
    if (token == null) {
      token = entry.fencingToken();
    }
    if (token != entry.fencingToken() || entry.takenOverBy() != null) {
      return LeaseEnd.LOST;
    }
    return entry.status().finished() ? LeaseEnd.RELEASED : null;
  }

  private boolean renewWhenDue(Deployment entry, Duration length, Duration below) {
    Deadline next = renewal;
    boolean due =
        next != null && next.passed() || entry.leaseExpiresAt().isBefore(time.now().plus(below));
    if (due && coordinator.renew(correlationId, entry.fencingToken(), length).isPresent()) {
      renewal = Deadline.in(length.minus(below), time);
      return true;
    }
    return false;
  }

  private void warn(String text) {
    if (!warned) {
      warned = true;
      warnings.accept(text);
    }
  }
}
