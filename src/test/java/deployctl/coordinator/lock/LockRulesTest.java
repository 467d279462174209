package deployctl.coordinator.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import deployctl.coordinator.TestCoordinators;
import deployctl.coordinator.lock.AcquireResult.Acquired;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.RegistryDocument;
import deployctl.support.env.Env;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The step from one registry to the next: what was decided is only what was seen. */
class LockRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final StackState NO_STACK = new StackState.Absent();

  private final RegistryDocument registry = RegistryDocument.empty();
  private final LockRules rules =
      new LockRules(
          new DeploymentFactory(Env.of(Map.of()), () -> "us-east-1", new SplittableRandom(1)));

  private static Deployment entry(String id, String status, String lease, long token) {
    try {
      return Deployment.of(
          new JsonObject()
              .put("correlation_id", id)
              .put("environment", "production")
              .put("stack_name", "Stack")
              .put("status", status)
              .put("lease_expires_at", lease)
              .put("fencing_token", token));
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  private static Deployment expired(String id, long token) {
    return entry(id, "IN_PROGRESS", "2026-01-31T11:00:00Z", token);
  }

  private AcquireResult acquire(Deployment... askedAbout) {
    return rules.acquire(
        registry,
        TestCoordinators.request("new"),
        new StackAnswers(Map.of("Stack", NO_STACK), List.of(askedAbout)),
        "us-east-1",
        NOW);
  }

  @Test
  void aHolderThatWasSeenIdleIsTakenOver() {
    Deployment holder = expired("old", 1);
    registry.put(holder);
    Acquired acquired = assertInstanceOf(Acquired.class, acquire(holder));
    assertEquals("old", acquired.takenOver().get(0).correlationId());
    assertEquals("new", registry.find("old").takenOverBy());
  }

  /** Another came and went between the question and the write: of it nothing is known. */
  @Test
  void aHolderThatCloudFormationWasNotAskedAboutIsNotTakenOver() {
    registry.put(expired("came-since", 2));
    Refused refused = assertInstanceOf(Refused.class, acquire(expired("old", 1)));
    assertEquals("came-since", refused.decision().blocker().correlationId());
    assertEquals(DeploymentStatus.IN_PROGRESS, registry.find("came-since").status());
  }

  /** The same id, acquired anew since: its number tells the two apart. */
  @Test
  void aHolderThatAcquiredAnewSinceTheQuestionIsNotTakenOver() {
    registry.put(expired("old", 2));
    Refused refused = assertInstanceOf(Refused.class, acquire(expired("old", 1)));
    assertEquals("old", refused.decision().blocker().correlationId());
  }

  /** The header of an old or repaired file may lag behind its entries. */
  @Test
  void theFencingTokenIsAboveThoseOfTheEntries() {
    Deployment holder = expired("old", 41);
    registry.put(holder);
    assertEquals(42, assertInstanceOf(Acquired.class, acquire(holder)).entry().fencingToken());
  }

  /** A status of a later version: its lease proves nothing, and so does not keep the lock. */
  @Test
  void anEntryThatIsNotUnderstoodHasNoLease() {
    Deployment odd = entry("odd", "PAUSED", "2026-01-31T18:00:00Z", 1);
    registry.put(odd);
    assertEquals(Instant.EPOCH, odd.leaseExpiresAt());
    assertInstanceOf(Refused.class, acquire());
    Acquired acquired = assertInstanceOf(Acquired.class, acquire(odd));
    assertEquals("odd", acquired.takenOver().get(0).correlationId());
  }
}
