package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.time.Deadline;
import deployctl.support.time.Jitter;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Waits for the place: until nothing is active, or in the queue until it is the asker's turn. */
public final class LockQueue {
  /** Is told at each look why the wait goes on. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * See that the wait goes on.
     *
     * @param position the place in the queue, 1 for the next; 0 outside the queue
     * @param waited since the wait began
     */
    void waiting(GateDecision verdict, int position, Duration waited);
  }

  /**
   * What a wait for an idle target came to; {@code timedOut} when something was active to the end.
   */
  public record WaitOutcome(GateDecision verdict, boolean timedOut, Duration waited) {}

  /** How often the registry, which costs little, is looked at. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration RENEW = Duration.ofSeconds(30);
  private static final double SPREAD = 0.2;

  private final Coordinator coordinator;
  private final Time time;
  private final RandomGenerator random;
  private final Duration pollInterval;

  /** Make a waiter that asks CloudFormation every {@code pollInterval}, spread by a fifth. */
  public LockQueue(
      Coordinator coordinator, Time time, RandomGenerator random, Duration pollInterval) {
    this.coordinator = coordinator;
    this.time = time;
    this.random = random;
    this.pollInterval = pollInterval;
  }

  /**
   * Wait until nothing is active on the target.
   *
   * @param longest how long; zero looks once
   */
  public WaitOutcome untilIdle(Target target, Duration longest, Watcher watcher) {
    Deadline deadline = Deadline.in(longest, time);
    OutageTolerance patience = new OutageTolerance(time);
    long start = time.nanos();
    while (true) {
      // What has to be cleaned up is not active: allowed here, and said by the verdict.
      GateDecision verdict = coordinator.canDeploy(target, true);
      Duration waited = Duration.ofNanos(time.nanos() - start);
      if (verdict.canDeploy() || !patience.goesOnAfter(verdict)) {
        return new WaitOutcome(verdict, false, waited);
      }
      if (deadline.passed()) {
        return new WaitOutcome(verdict, verdict.failure() == null, waited);
      }
      watcher.waiting(verdict, 0, waited);
      sleep(shorter(Jitter.around(pollInterval, SPREAD, random), deadline.remaining()));
    }
  }

  /**
   * Stand in the queue until the place is had or cannot be had.
   *
   * @param longest how long; the ticket is given up then
   * @return what came of it
   * @throws Failure when the ticket was taken away, or the registry cannot be used
   */
  public AcquireResult inQueue(LockRequest request, Duration longest, Watcher watcher) {
    Deadline deadline = Deadline.in(longest, time);
    OutageTolerance patience = new OutageTolerance(time);
    long start = time.nanos();
    Deployment ticket = coordinator.enqueue(request);
    Deadline renewal = Deadline.in(RENEW, time);
    Deadline nextAsk = Deadline.in(Duration.ZERO, time);
    GateDecision verdict = DeploymentGate.blockedBy(request.target(), ticket, List.of(), null);
    while (true) {
      List<Deployment> ahead = coordinator.ahead(ticket);
      if (!ahead.isEmpty()) {
        // Who works now tells more than who waits before.
        List<Deployment> working =
            coordinator.active(request.target().environment(), request.target().stackName());
        Deployment shown = working.isEmpty() ? ahead.get(0) : working.get(0);
        verdict = DeploymentGate.blockedBy(request.target(), shown, List.of(), null);
      } else if (nextAsk.passed() || blockerIsGone(verdict)) {
        AcquireResult admission = coordinator.register(request);
        if (!(admission instanceof AcquireResult.Refused refused)) {
          return admission;
        }
        verdict = refused.verdict();
        if (!patience.goesOnAfter(verdict) || verdict.reason() == GateReason.STACK_NEEDS_CLEANUP) {
          coordinator.leaveQueue(request.correlationId(), "left the queue: " + verdict.reason());
          return admission;
        }
        nextAsk = Deadline.in(Jitter.around(pollInterval, SPREAD, random), time);
      }
      if (deadline.passed()) {
        coordinator.leaveQueue(request.correlationId(), "left the queue: timed out");
        return new AcquireResult.TimedOut(verdict);
      }
      watcher.waiting(verdict, ahead.size() + 1, Duration.ofNanos(time.nanos() - start));
      sleep(shorter(Jitter.around(LOOK, SPREAD, random), deadline.remaining()));
      if (renewal.passed()) {
        ticket =
            coordinator
                .renew(request.correlationId(), 0, DeploymentFactory.SHORT_LEASE)
                .orElseGet(() -> coordinator.enqueue(request));
        renewal = Deadline.in(RENEW, time);
      }
    }
  }

  /**
   * Tell whether the entry that was in the way has given up its place, which is worth asking AWS at
   * once.
   */
  private boolean blockerIsGone(GateDecision verdict) {
    Deployment blocker = verdict.blocker();
    return blocker != null
        && coordinator.list(false, null).stream()
            .noneMatch(entry -> entry.correlationId().equals(blocker.correlationId()));
  }

  private void sleep(Duration duration) {
    try {
      time.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.FailureKind.FAILED, "Interrupted while waiting", "", e);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
