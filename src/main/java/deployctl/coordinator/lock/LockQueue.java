package deployctl.coordinator.lock;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.OutageTolerance;
import deployctl.cli.ExitCode;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.time.Deadline;
import deployctl.support.time.Jitter;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Waits for the lock: until nothing is active, or in the queue until it is the asker's turn. */
public final class LockQueue {
  /** Is told at each look why the wait goes on. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * See that the wait goes on.
     *
     * @param position the position in the queue, 1 for the next; 0 outside the queue
     * @param waited since the wait began
     */
    void waiting(GateDecision decision, int position, Duration waited);
  }

  /**
   * What a wait for an idle target came to; {@code timedOut} when something was active to the end.
   */
  public record WaitOutcome(GateDecision decision, boolean timedOut, Duration waited) {}

  /** How long AWS may stay away after it had answered before. */
  static final Duration OUTAGE = Duration.ofMinutes(5);

  /** How often the registry, which costs little, is looked at. */
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration RENEW = Duration.ofSeconds(30);
  private static final double SPREAD = 0.2;

  private final Coordinator coordinator;
  private final Time time;
  private final RandomGenerator random;
  private final Duration pollInterval;

  /** Make a queue that asks CloudFormation every {@code pollInterval}, spread by a fifth. */
  public LockQueue(
      Coordinator coordinator, Time time, RandomGenerator random, Duration pollInterval) {
    this.coordinator = coordinator;
    this.time = time;
    this.random = random;
    this.pollInterval = pollInterval;
  }

  /**
   * Wait until nothing is active on the target, or it is seen that a deployment cannot start there
   * without help.
   *
   * @param longest how long; zero looks once
   */
  public WaitOutcome untilIdle(Target target, Duration longest, Watcher watcher) {
    Deadline deadline = Deadline.in(longest, time);
    OutageTolerance tolerance = OutageTolerance.afterAnAnswer(OUTAGE, time);
    long start = time.nanos();
    while (true) {
      GateDecision decision = coordinator.canDeploy(target, GateAllowances.NONE);
      Duration waited = Duration.ofNanos(time.nanos() - start);
      // What has to be cleaned up, or set right, does not mend itself.
      if (decision.canDeploy()
          || decision.exitCode() == ExitCode.NO
          || !goesOn(tolerance, decision)) {
        return new WaitOutcome(decision, false, waited);
      }
      if (deadline.passed()) {
        return new WaitOutcome(decision, decision.failure() == null, waited);
      }
      watcher.waiting(decision, 0, waited);
      sleep(shorter(Jitter.around(pollInterval, SPREAD, random), deadline.remaining()));
    }
  }

  /**
   * Stand in the queue until the lock is had or cannot be had.
   *
   * @param longest how long; the ticket is given up then
   * @return what came of it
   * @throws Failure when the ticket was taken away, or the registry cannot be used
   */
  public AcquireResult await(LockRequest request, Duration longest, Watcher watcher) {
    Deadline deadline = Deadline.in(longest, time);
    OutageTolerance tolerance = OutageTolerance.afterAnAnswer(OUTAGE, time);
    long start = time.nanos();
    Deployment ticket = coordinator.enqueue(request);
    Deadline renewal = Deadline.in(RENEW, time);
    Deadline nextAsk = Deadline.in(Duration.ZERO, time);
    GateDecision decision = GateDecision.blockedBy(request.target(), ticket);
    while (true) {
      List<Deployment> ahead = coordinator.ahead(ticket);
      if (!ahead.isEmpty()) {
        decision = GateDecision.blockedBy(request.target(), inTheWay(request, ahead.get(0)));
      } else if (nextAsk.passed() || blockerIsGone(decision)) {
        AcquireResult result = coordinator.register(request);
        if (!(result instanceof AcquireResult.Refused refused)) {
          return result;
        }
        decision = refused.decision();
        if (!goesOn(tolerance, decision) || decision.exitCode() == ExitCode.NO) {
          coordinator.leaveQueue(request.correlationId(), "left the queue: " + decision.reason());
          return result;
        }
        nextAsk = Deadline.in(Jitter.around(pollInterval, SPREAD, random), time);
      }
      if (deadline.passed()) {
        coordinator.leaveQueue(request.correlationId(), "left the queue: timed out");
        return new AcquireResult.TimedOut(decision);
      }
      watcher.waiting(decision, ahead.size() + 1, Duration.ofNanos(time.nanos() - start));
      sleep(shorter(Jitter.around(POLL, SPREAD, random), deadline.remaining()));
      if (renewal.passed()) {
        ticket =
            coordinator
                .renew(request.correlationId(), 0, DeploymentFactory.SHORT_LEASE)
                .orElseGet(() -> coordinator.enqueue(request));
        renewal = Deadline.in(RENEW, time);
      }
    }
  }

  /** Who works now tells more than who waits before. */
  private Deployment inTheWay(LockRequest request, Deployment ahead) {
    List<Deployment> working =
        coordinator
            .deployments()
            .active(request.target().environment(), request.target().stackName());
    return working.isEmpty() ? ahead : working.get(0);
  }

  /** Tell whether the entry that was in the way is gone, which is worth asking AWS at once. */
  private boolean blockerIsGone(GateDecision decision) {
    Deployment blocker = decision.blocker();
    return blocker != null
        && coordinator.deployments().list(false, null).stream()
            .noneMatch(entry -> entry.correlationId().equals(blocker.correlationId()));
  }

  private static boolean goesOn(OutageTolerance tolerance, GateDecision decision) {
    AwsFailure failure = decision.failure();
    if (failure == null) {
      tolerance.answered();
      return true;
    }
    tolerance.failed();
    return tolerance.bears(failure);
  }

  private void sleep(Duration duration) {
    if (!new Sleeper(time).sleep(duration)) {
      throw new Failure(Failure.FailureKind.FAILED, "Interrupted while waiting", "");
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
