package deployctl.coordinator.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.aws.client.AwsErrorKind;
import deployctl.cli.ExitCode;
import deployctl.coordinator.TestCoordinators;
import deployctl.coordinator.lock.GateDecision.DecisionSource;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryDocument;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.testing.FakeStacks;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentGateTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private final FakeStacks stacks = new FakeStacks();
  private final RegistryDocument registry = RegistryDocument.empty();

  private GateDecision decide(boolean allowCleanup) {
    GateQuestion question =
        new GateQuestion(
            TestCoordinators.PRODUCTION,
            null,
            GateAllowances.of(allowCleanup, false),
            "us-east-1",
            NOW);
    StackAnswers answers =
        new StackLookup(stacks, "Stack")
            .about(DeploymentGate.holders(registry, question), question);
    return DeploymentGate.decide(question, registry, answers);
  }

  private GateDecision decide() {
    return decide(false);
  }

  private void entry(String id, String status, String environment, String stack, String lease) {
    try {
      registry.put(
          Deployment.of(
              new JsonObject()
                  .put("correlation_id", id)
                  .put("environment", environment)
                  .put("stack_name", stack)
                  .put("status", status)
                  .put("started_at", "2026-01-31T11:00:00Z")
                  .put("lease_expires_at", lease)));
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysYesWhenThereIsNoStack() {
    assertEquals(GateReason.NO_STACK_EXISTS, decide().reason());
    assertEquals(ExitCode.OK, decide().exitCode());
    assertEquals(DecisionSource.BOTH, decide().source());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "REVIEW_IN_PROGRESS",
        "UPDATE_FAILED"
      })
  void saysYesToAnIdleStack(String status) {
    stacks.with("Stack", status);
    assertTrue(decide().canDeploy());
    assertEquals(GateReason.STACK_IDLE, decide().reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "DELETE_IN_PROGRESS",
        "ROLLBACK_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "IMPORT_ROLLBACK_IN_PROGRESS"
      })
  void saysNoToAStackAtWork(String status) {
    stacks.with("Stack", status);
    assertEquals(GateReason.ACTIVE_DEPLOYMENT_IN_PROGRESS, decide().reason());
    assertEquals(DecisionSource.CLOUDFORMATION, decide().source());
    assertEquals(ExitCode.ACTIVE, decide().exitCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "CREATE_FAILED",
        "DELETE_FAILED",
        "UPDATE_ROLLBACK_FAILED"
      })
  void saysNoToAStackThatMustBeCleanedUpUnlessThatIsAllowed(String status) {
    stacks.with("Stack", status);
    assertEquals(GateReason.STACK_NEEDS_CLEANUP, decide().reason());
    assertEquals(ExitCode.NO, decide().exitCode());
    assertTrue(decide(true).canDeploy());
    assertEquals(GateReason.STACK_NEEDS_CLEANUP, decide(true).reason());
  }

  @Test
  void takesADeletedStackForNone() {
    stacks.with("Stack", "DELETE_COMPLETE");
    assertEquals(GateReason.NO_STACK_EXISTS, decide().reason());
  }

  @ParameterizedTest
  @EnumSource(
      value = AwsErrorKind.class,
      names = {"NOT_FOUND"},
      mode = EnumSource.Mode.EXCLUDE)
  void neverTakesAFailureForAYes(AwsErrorKind problem) {
    stacks.failing(problem);
    GateDecision decision = decide(true);
    assertFalse(decision.canDeploy());
    assertEquals(ExitCode.UNKNOWN, decision.exitCode());
    assertEquals(
        problem.concernsIdentity() ? GateReason.AWS_ACCESS_DENIED : GateReason.AWS_UNREACHABLE,
        decision.reason());
  }

  @Test
  void saysNoToARegisteredDeploymentEvenWhenTheStackIsIdleOrAwsIsAway() {
    entry("a", "IN_PROGRESS", "production", "Stack", "2026-01-31T13:00:00Z");
    stacks.with("Stack", "UPDATE_COMPLETE");
    assertEquals(GateReason.REGISTERED_DEPLOYMENT_IN_PROGRESS, decide().reason());
    assertEquals(DecisionSource.REGISTRY, decide().source());
    stacks.failing(AwsErrorKind.UNREACHABLE);
    assertEquals(ExitCode.ACTIVE, decide().exitCode());
  }

  @Test
  void namesBothSourcesWhenBothSayNo() {
    entry("a", "IN_PROGRESS", "production", "Stack", "2026-01-31T13:00:00Z");
    stacks.with("Stack", "UPDATE_IN_PROGRESS");
    assertEquals(GateReason.ACTIVE_DEPLOYMENT_IN_PROGRESS, decide().reason());
    assertEquals(DecisionSource.BOTH, decide().source());
  }

  @Test
  void aLeaseThatRanOutBlocksUntilTheStackIsSeenIdle() {
    entry("a", "IN_PROGRESS", "production", "Stack", "2026-01-31T11:59:59Z");
    stacks.failing(AwsErrorKind.TIMED_OUT);
    assertEquals(ExitCode.ACTIVE, decide().exitCode());
    stacks.answering().with("Stack", "UPDATE_IN_PROGRESS");
    assertEquals(ExitCode.ACTIVE, decide().exitCode());
    stacks.with("Stack", "UPDATE_COMPLETE");
    GateDecision decision = decide();
    assertTrue(decision.canDeploy());
    assertEquals("a", decision.stale().get(0).correlationId());
  }

  @Test
  void aLeaseThatRanOutIsDecidedByItsOwnStack() {
    entry("a", "IN_PROGRESS", "production", "Other", "2026-01-31T11:59:59Z");
    stacks.with("Stack", "UPDATE_COMPLETE").with("Other", "UPDATE_IN_PROGRESS");
    assertEquals(ExitCode.ACTIVE, decide().exitCode());
  }

  @Test
  void anotherRegionsSilenceDoesNotProveAnEntryStale() throws JsonException {
    elsewhere("Stack");
    assertEquals(ExitCode.ACTIVE, decide().exitCode());
  }

  @Test
  void whyAnEntryOfAnotherRegionIsInDoubtIsSaid() throws JsonException {
    elsewhere("Other");
    stacks.failing(AwsErrorKind.ACCESS_DENIED);
    assertNotNull(decide().failure());
  }

  private void elsewhere(String stack) throws JsonException {
    registry.put(
        Deployment.of(
            new JsonObject()
                .put("correlation_id", "far")
                .put("environment", "production")
                .put("stack_name", stack)
                .put("region", "eu-west-1")
                .put("status", "IN_PROGRESS")
                .put("lease_expires_at", "2026-01-31T11:59:59Z")));
  }

  @Test
  void whatSharesTheStackIsInTheWayAndWhatSharesNothingIsNot() {
    entry("a", "IN_PROGRESS", "qa", "Another", "2026-01-31T13:00:00Z");
    assertTrue(decide().canDeploy());
    entry("b", "IN_PROGRESS", "qa", "Stack", "2026-01-31T13:00:00Z");
    assertEquals(ExitCode.ACTIVE, decide().exitCode());
  }

  @Test
  void whatIsOverIsNotInTheWay() {
    entry("a", "FAILED", "production", "Stack", "2026-01-31T13:00:00Z");
    assertTrue(decide().canDeploy());
  }
}
