package deployctl.coordinator;

import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.LockQueue;
import deployctl.estimator.TypicalDuration;
import deployctl.registry.RegistryRepair;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Time;
import deployctl.target.Targets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the coordinator's commands work with. What needs the command line's options is a supplier:
 * it is asked after parsing.
 *
 * @param defaultLease the lease of a place that nobody renews
 * @param pollInterval how often a waiting command asks CloudFormation
 */
public record CoordinatorContext(
    Console console,
    GithubActions github,
    Targets targets,
    Supplier<Coordinator> coordinator,
    Supplier<RegistryRepair> repair,
    Supplier<TypicalDuration> typicalDuration,
    Supplier<String> region,
    Supplier<Duration> defaultLease,
    Supplier<Duration> pollInterval,
    Shutdown.Hooks shutdown,
    Time time,
    RandomGenerator random) {

  /** Return a waiter. */
  LockQueue waiting() {
    return new LockQueue(coordinator.get(), time, random, pollInterval.get());
  }

  /** Return what shows verdicts. */
  GateDecisionView verdicts() {
    return new GateDecisionView(typicalDuration.get(), region.get(), time);
  }
}
