package deployctl.coordinator;

import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.coordinator.lock.GateAllowances;
import deployctl.coordinator.lock.KnownStacks;
import deployctl.coordinator.lock.LockRequest;
import deployctl.coordinator.lock.LockTerms;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.state.StateDocument;
import deployctl.support.env.Env;
import deployctl.support.time.Time;
import deployctl.target.Target;
import deployctl.testing.FakeStacks;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/** Coordinators over a store of the test's choice and a CloudFormation that is idle. */
public final class TestCoordinators {
  public static final Target PRODUCTION = new Target("production", "Stack");
  private static final Journal NO_JOURNAL = (command, what, result) -> {};

  private TestCoordinators() {}

  public static Coordinator of(StateDocument store, FakeStacks stacks, Time time) {
    return new Coordinator(
        new Registry(store, warning -> {}),
        () -> stacks,
        new DeploymentFactory(
            Env.of(Map.of("USER", "operator")), () -> "us-east-1", new SplittableRandom(1)),
        KnownStacks.none(),
        NO_JOURNAL,
        time,
        warning -> {});
  }

  public static LockRequest request(String id) {
    return new LockRequest(
        "coordinator acquire",
        id,
        "4711",
        PRODUCTION,
        null,
        new LockTerms(Duration.ofHours(2), GateAllowances.NONE, LockTerms.LockOwner.NOBODY),
        LockRequest.LockAttempt.of(new SplittableRandom(1)));
  }

  public static boolean tryAcquire(StateDocument store, String id, Time time) {
    return of(store, new FakeStacks(), time).register(request(id))
        instanceof AcquireResult.Acquired;
  }

  public static void release(StateDocument store, String id, Time time) {
    release(store, id, DeploymentStatus.SUCCEEDED, time);
  }

  public static void release(StateDocument store, String id, DeploymentStatus end, Time time) {
    of(store, new FakeStacks(), time).release(id, end, null);
  }
}
