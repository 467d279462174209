package deployctl.coordinator.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.aws.client.AwsErrorKind;
import deployctl.coordinator.TestCoordinators;
import deployctl.coordinator.lock.AcquireResult.Acquired;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.Registry;
import deployctl.state.MemoryDocument;
import deployctl.support.Failure;
import deployctl.target.Target;
import deployctl.testing.FakeStacks;
import deployctl.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CoordinatorTest {
  private final MemoryDocument store = new MemoryDocument();
  private final FakeStacks stacks = new FakeStacks().with("Stack", "UPDATE_COMPLETE");
  private final FakeTime time = new FakeTime("2026-01-31T12:00:00Z");
  private final Coordinator coordinator = TestCoordinators.of(store, stacks, time);
  private final LockQueue waiting =
      new LockQueue(coordinator, time, new SplittableRandom(1), Duration.ofSeconds(10));

  private static LockRequest request(String id) {
    return TestCoordinators.request(id);
  }

  private Deployment register(String id) {
    return assertInstanceOf(Acquired.class, coordinator.register(request(id))).entry();
  }

  private Deployment find(String id) {
    return new Registry(store, warning -> {}).read().find(id);
  }

  @Test
  void registersOnceAndRefusesTheNext() {
    Deployment entry = register("a");
    assertEquals(1, entry.fencingToken());
    assertEquals(Instant.parse("2026-01-31T14:00:00Z"), entry.leaseExpiresAt());
    Refused refused = assertInstanceOf(Refused.class, coordinator.register(request("b")));
    assertEquals("a", refused.decision().blocker().correlationId());
    assertEquals(1, store.writes());
  }

  @Test
  void theSameIdAgainChangesNothing() {
    register("a");
    Acquired again = assertInstanceOf(Acquired.class, coordinator.register(request("a")));
    assertTrue(again.repeated());
    assertEquals(1, store.writes());
  }

  @Test
  void anIdThatIsOverOrGoesElsewhereIsNotGivenAgain() {
    register("a");
    LockRequest elsewhere =
        new LockRequest(
            "coordinator acquire",
            "a",
            null,
            new Target("staging", "S"),
            null,
            new LockTerms(Duration.ofHours(2), GateAllowances.NONE, LockTerms.LockOwner.NOBODY),
            LockRequest.LockAttempt.of(new SplittableRandom(2)));
    assertThrows(Failure.class, () -> coordinator.register(elsewhere));
    coordinator.release("a", DeploymentStatus.FAILED, null);
    Failure failure = assertThrows(Failure.class, () -> coordinator.register(request("a")));
    assertEquals(Failure.FailureKind.FAILED, failure.kind());
  }

  @Test
  void aDeploymentOfAnotherEnvironmentIsFreeToStart() {
    register("a");
    LockRequest staging =
        new LockRequest(
            "coordinator acquire",
            "b",
            null,
            new Target("staging", "Other"),
            null,
            new LockTerms(Duration.ofHours(2), GateAllowances.NONE, LockTerms.LockOwner.NOBODY),
            LockRequest.LockAttempt.of(new SplittableRandom(2)));
    assertInstanceOf(Acquired.class, coordinator.register(staging));
  }

  @Test
  void takesTheStaleLockOverAndSaysWhose() {
    register("a");
    time.advance(Duration.ofHours(2));
    Acquired acquired = assertInstanceOf(Acquired.class, coordinator.register(request("b")));
    assertEquals("a", acquired.takenOver().get(0).correlationId());
    assertEquals(2, acquired.entry().fencingToken());
    assertEquals(DeploymentStatus.CANCELLED, find("a").status());
    assertEquals("b", find("a").toJson().string("taken_over_by"));
  }

  /** R8: whoever slept past the lease finds his number refused. */
  @Test
  void aHolderWhoseLockWasTakenCannotWriteAnyMore() {
    Deployment slept = register("a");
    time.advance(Duration.ofHours(3));
    register("b");
    assertTrue(coordinator.renew("a", slept.fencingToken(), Duration.ofMinutes(2)).isEmpty());
    Failure failure =
        assertThrows(
            Failure.class,
            () -> coordinator.release("a", DeploymentStatus.SUCCEEDED, slept.fencingToken()));
    assertTrue(
        failure.what().contains("a lost the lock to b after its lease ran out"), failure.what());
    assertEquals(DeploymentStatus.IN_PROGRESS, find("b").status());
  }

  /** R13: a release under an old number does not touch what was acquired under the id since. */
  @Test
  void aReleaseHitsOnlyTheAcquisitionThatItNames() {
    Deployment first = register("a");
    coordinator.deployments().cleanup("a");
    Deployment second = register("a");
    assertTrue(second.fencingToken() > first.fencingToken());
    assertThrows(
        Failure.class,
        () -> coordinator.release("a", DeploymentStatus.FAILED, first.fencingToken()));
    assertEquals(DeploymentStatus.IN_PROGRESS, find("a").status());
    coordinator.release("a", DeploymentStatus.SUCCEEDED, second.fencingToken());
    assertEquals(DeploymentStatus.SUCCEEDED, find("a").status());
  }

  @Test
  void releasingTwiceIsOnceButNotWithAnotherEnd() {
    register("a");
    coordinator.release("a", DeploymentStatus.SUCCEEDED, null);
    int writes = store.writes();
    coordinator.release("a", DeploymentStatus.SUCCEEDED, null);
    assertEquals(writes, store.writes());
    assertThrows(Failure.class, () -> coordinator.release("a", DeploymentStatus.FAILED, null));
    assertThrows(
        Failure.class, () -> coordinator.release("unknown", DeploymentStatus.FAILED, null));
  }

  @Test
  void aWaiterGetsTheLockWhenItIsReleased() {
    register("a");
    time.onSleep(
        () -> {
          if (time.now().isAfter(Instant.parse("2026-01-31T12:01:00Z"))
              && !find("a").status().finished()) {
            coordinator.release("a", DeploymentStatus.SUCCEEDED, null);
          }
        });
    List<Integer> positions = new ArrayList<>();
    AcquireResult result =
        waiting.await(
            request("b"),
            Duration.ofMinutes(30),
            (decision, position, waited) -> positions.add(position));
    Deployment entry = assertInstanceOf(Acquired.class, result).entry();
    assertEquals(DeploymentStatus.IN_PROGRESS, entry.status());
    assertEquals(Instant.parse("2026-01-31T12:00:00Z"), entry.queuedAt());
    assertTrue(
        Duration.between(entry.queuedAt(), entry.startedAt()).toSeconds() < 65, entry.toString());
    assertTrue(positions.stream().allMatch(position -> position == 1), positions.toString());
  }

  @Test
  void theQueueIsFirstComeFirstServed() {
    register("a");
    coordinator.enqueue(request("b"));
    coordinator.enqueue(request("c"));
    coordinator.release("a", DeploymentStatus.SUCCEEDED, null);
    assertInstanceOf(Refused.class, coordinator.register(request("c")));
    assertInstanceOf(Refused.class, coordinator.register(request("uninvited")));
    assertInstanceOf(Acquired.class, coordinator.register(request("b")));
    coordinator.release("b", DeploymentStatus.SUCCEEDED, null);
    assertInstanceOf(Acquired.class, coordinator.register(request("c")));
  }

  @Test
  void aTicketWhoseOwnerWasNotHeardOfIsSkippedAndRemoved() {
    register("a");
    coordinator.enqueue(request("dead"));
    time.advance(Duration.ofSeconds(121));
    coordinator.release("a", DeploymentStatus.SUCCEEDED, null);
    assertInstanceOf(Acquired.class, coordinator.register(request("b")));
    assertNull(find("dead"));
  }

  @Test
  void aWaiterRenewsItsTicketForAsLongAsItWaits() {
    register("a");
    waiting.await(
        request("b"),
        Duration.ofMinutes(20),
        (decision, position, waited) -> {
          Deployment ticket = find("b");
          assertFalse(ticket.leaseExpired(time.now()), "lost its lock after " + waited);
        });
  }

  @Test
  void aWaiterLeavesTheQueueWhenItsTimeIsOver() {
    register("a");
    AcquireResult result =
        waiting.await(request("b"), Duration.ofMinutes(1), (decision, position, waited) -> {});
    assertEquals(
        "a",
        assertInstanceOf(AcquireResult.TimedOut.class, result)
            .decision()
            .blocker()
            .correlationId());
    assertNull(find("b"));
    assertEquals(Instant.parse("2026-01-31T12:01:00Z"), time.now());
  }

  @Test
  void aWaiterSitsOutAnOutageButNotAMistakeInTheSetUp() {
    stacks.with("Stack", "UPDATE_IN_PROGRESS");
    time.onSleep(
        () -> {
          long minute =
              Duration.between(Instant.parse("2026-01-31T12:00:00Z"), time.now()).toMinutes();
          if (minute == 1) {
            stacks.failing(AwsErrorKind.UNREACHABLE);
          } else if (minute == 4) {
            stacks.answering().with("Stack", "UPDATE_COMPLETE");
          }
        });
    assertInstanceOf(
        Acquired.class,
        waiting.await(request("b"), Duration.ofMinutes(30), (decision, position, waited) -> {}));

    stacks.failing(AwsErrorKind.EXPIRED_CREDENTIALS);
    coordinator.deployments().cleanup("b");
    Refused refused =
        assertInstanceOf(
            Refused.class,
            waiting.await(
                request("c"), Duration.ofMinutes(30), (decision, position, waited) -> {}));
    assertEquals(GateReason.AWS_ACCESS_DENIED, refused.decision().reason());
    assertNull(find("c"));
  }

  @Test
  void waitingForAnIdleTargetEndsWithItOrWithTheTime() {
    register("a");
    LockQueue.WaitOutcome late =
        waiting.untilIdle(
            TestCoordinators.PRODUCTION, Duration.ofMinutes(5), (decision, position, waited) -> {});
    assertTrue(late.timedOut());
    assertEquals(Duration.ofMinutes(5), late.waited());
    time.onSleep(() -> coordinator.deployments().cleanup("a"));
    LockQueue.WaitOutcome free =
        waiting.untilIdle(
            TestCoordinators.PRODUCTION, Duration.ofMinutes(5), (decision, position, waited) -> {});
    assertFalse(free.timedOut());
    assertTrue(free.decision().canDeploy());
  }

  @Test
  void thePollIsSpreadByAFifthEitherWay() {
    register("a");
    waiting.untilIdle(
        TestCoordinators.PRODUCTION, Duration.ofMinutes(30), (decision, position, waited) -> {});
    List<Duration> sleeps = time.sleeps().subList(0, time.sleeps().size() - 1);
    assertTrue(
        sleeps.stream().allMatch(s -> s.toMillis() >= 8_000 && s.toMillis() <= 12_000),
        sleeps.toString());
    assertTrue(sleeps.stream().distinct().count() > sleeps.size() / 2, sleeps.toString());
  }

  @Test
  void anOutageLongerThanTheToleranceEndsTheWaitWithoutAYes() {
    stacks.with("Stack", "UPDATE_IN_PROGRESS");
    time.onSleep(() -> stacks.failing(AwsErrorKind.TIMED_OUT));
    LockQueue.WaitOutcome outcome =
        waiting.untilIdle(
            TestCoordinators.PRODUCTION, Duration.ofHours(1), (decision, position, waited) -> {});
    assertFalse(outcome.decision().canDeploy());
    assertEquals(GateReason.AWS_UNREACHABLE, outcome.decision().reason());
    assertTrue(outcome.waited().compareTo(Duration.ofMinutes(6)) < 0, outcome.waited().toString());
  }

  @Test
  void aRenewerRenewsUntilTheDeploymentIsReleased() {
    LockRequest held =
        new LockRequest(
            "coordinator acquire",
            "a",
            null,
            TestCoordinators.PRODUCTION,
            null,
            new LockTerms(Duration.ofMinutes(2), GateAllowances.NONE, LockTerms.LockOwner.PROCESS),
            LockRequest.LockAttempt.of(new SplittableRandom(3)));
    Deployment entry = assertInstanceOf(Acquired.class, coordinator.register(held)).entry();
    time.onSleep(
        () -> {
          assertFalse(find("a").leaseExpired(time.now()));
          if (time.now().isAfter(Instant.parse("2026-01-31T12:10:00Z"))) {
            coordinator.release("a", DeploymentStatus.SUCCEEDED, null);
          }
        });
    LeaseRenewer keeper = renewer(entry, Duration.ofMinutes(2));
    assertEquals(LeaseRenewer.LeaseEnd.RELEASED, keeper.keep());
    assertTrue(
        store.writes() < 30, store.writes() + " writes in ten minutes: one in 30 s is enough");
  }

  @Test
  void aRenewerThatSleptPastItsLeaseLearnsThatItLostThePlace() {
    LockRequest held =
        new LockRequest(
            "coordinator acquire",
            "a",
            null,
            TestCoordinators.PRODUCTION,
            null,
            new LockTerms(Duration.ofMinutes(2), GateAllowances.NONE, LockTerms.LockOwner.PROCESS),
            LockRequest.LockAttempt.of(new SplittableRandom(3)));
    Deployment entry = assertInstanceOf(Acquired.class, coordinator.register(held)).entry();
    time.onSleep(
        () -> {
          time.advance(Duration.ofMinutes(10));
          TestCoordinators.tryAcquire(store, "b", time);
        });
    assertEquals(LeaseRenewer.LeaseEnd.LOST, renewer(entry, Duration.ofMinutes(2)).keep());
  }

  private LeaseRenewer renewer(Deployment entry, Duration lease) {
    return LeaseRenewer.ofHolder(coordinator, entry, lease, time, warning -> {});
  }

  private static LockRequest request(String id, String environment, String stack) {
    return new LockRequest(
        "coordinator acquire",
        id,
        null,
        new Target(environment, stack),
        null,
        new LockTerms(Duration.ofHours(2), GateAllowances.NONE, LockTerms.LockOwner.NOBODY),
        LockRequest.LockAttempt.of(new SplittableRandom(4)));
  }

  @Test
  void anIdThatWaitsForOneLockDoesNotGetAnother() {
    register("first");
    coordinator.enqueue(request("x"));
    assertThrows(Failure.class, () -> coordinator.register(request("x", "staging", "Other")));
    assertThrows(Failure.class, () -> coordinator.enqueue(request("x", "staging", "Other")));
    assertEquals(DeploymentStatus.QUEUED, find("x").status());
  }

  @Test
  void theSameIdForAnotherStackIsNoRepetition() {
    register("a");
    assertThrows(Failure.class, () -> coordinator.register(request("a", "production", "Other")));
  }

  @Test
  void theSameIdAfterItsLeaseRanOutIsDecidedAnew() {
    long before = register("a").fencingToken();
    time.advance(Duration.ofHours(3));
    stacks.with("Stack", "UPDATE_IN_PROGRESS");
    assertInstanceOf(Refused.class, coordinator.register(request("a")));
    stacks.with("Stack", "UPDATE_COMPLETE");
    Deployment again = register("a");
    assertTrue(again.fencingToken() > before);
    assertFalse(again.leaseExpired(time.now()));
  }

  @Test
  void anAttemptGivesBackOnlyWhatItGotItself() {
    LockRequest mine = request("x", "production", "Stack");
    register("x");
    coordinator.giveBack(mine);
    assertEquals(DeploymentStatus.IN_PROGRESS, find("x").status());
    coordinator.giveBack(request("x"));
    assertEquals(DeploymentStatus.CANCELLED, find("x").status());
  }

  @Test
  void anAttemptThatIsEndingGetsNothingAnyMore() {
    LockRequest stopping =
        new LockRequest(
            "coordinator acquire",
            "x",
            null,
            TestCoordinators.PRODUCTION,
            null,
            new LockTerms(Duration.ofHours(2), GateAllowances.NONE, LockTerms.LockOwner.NOBODY),
            new LockRequest.LockAttempt("nonce", () -> true));
    assertThrows(Failure.class, () -> coordinator.register(stopping));
    coordinator.enqueue(stopping);
    assertNull(find("x"));
  }

  @Test
  void whatWasTakenOverIsNotReleasedWhateverTheStatus() {
    register("a");
    time.advance(Duration.ofHours(3));
    register("b");
    assertThrows(Failure.class, () -> coordinator.release("a", DeploymentStatus.CANCELLED, null));
    coordinator.release("b", DeploymentStatus.FAILED, 2L);
    assertThrows(Failure.class, () -> coordinator.release("b", DeploymentStatus.FAILED, 1L));
  }

  @Test
  void aRenewerWhoseEntryVanishedHasLostTheLock() {
    Deployment entry = register("a");
    time.onSleep(() -> coordinator.deployments().cleanup("a"));
    assertEquals(LeaseRenewer.LeaseEnd.LOST, renewer(entry, Duration.ofMinutes(2)).keep());
  }

  @Test
  void aRenewerThatCannotRenewEndsWithItsLease() {
    Deployment entry = register("a");
    time.onSleep(() -> damage());
    List<String> warnings = new ArrayList<>();
    Instant start = time.now();
    LeaseRenewer keeper =
        LeaseRenewer.ofHolder(coordinator, entry, Duration.ofMinutes(2), time, warnings::add);
    assertEquals(LeaseRenewer.LeaseEnd.LOST, keeper.keep());
    assertEquals(1, warnings.size());
    assertTrue(Duration.between(start, time.now()).toSeconds() <= 125);
  }

  private void damage() {
    String version = store.read().orElseThrow().version();
    store.compareAndSet(version, "{".getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void pruneForgetsOnlyWhatWasOverLongAgo() {
    register("old");
    coordinator.release("old", DeploymentStatus.SUCCEEDED, null);
    time.advance(Duration.ofDays(8));
    register("new");
    coordinator.release("new", DeploymentStatus.SUCCEEDED, null);
    register("active");
    assertEquals(1, coordinator.deployments().prune(Duration.ofDays(7), true).size());
    assertEquals(
        "old", coordinator.deployments().prune(Duration.ofDays(7), false).get(0).correlationId());
    assertEquals(
        List.of("new", "active"),
        coordinator.deployments().list(true, null).stream()
            .map(Deployment::correlationId)
            .toList());
  }

  @Test
  void whatCloudFormationShowsActiveGetsAnEntryOnce() {
    stacks.with("Stack", "UPDATE_IN_PROGRESS");
    Reconciliation first = coordinator.reconcile(List.of(TestCoordinators.PRODUCTION));
    assertEquals(1, first.registered().size());
    assertEquals(Instant.parse("2026-01-31T11:48:00Z"), first.registered().get(0).startedAt());
    assertEquals(
        0, coordinator.reconcile(List.of(TestCoordinators.PRODUCTION)).registered().size());
    stacks.failing(AwsErrorKind.UNREACHABLE);
    assertEquals(
        1, coordinator.reconcile(List.of(TestCoordinators.PRODUCTION)).unanswered().size());
  }
}
