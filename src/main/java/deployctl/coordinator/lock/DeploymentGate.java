package deployctl.coordinator.lock;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.coordinator.lock.GateDecision.DecisionSource;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryDocument;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a deployment may start, from what the registry and CloudFormation say.
 *
 * <p>Doubt is never a yes. An entry whose lease ran out goes on blocking until its stack was seen
 * idle.
 */
final class DeploymentGate {
  /** How long the answer "no, the registry says so" waits for CloudFormation's side of it. */
  private static final Duration COURTESY = Duration.ofSeconds(3);

  private final Target target;
  private final StackLookup stacks;
  private final boolean allowCleanup;

  /** Where CloudFormation is asked: it proves nothing about a stack that is elsewhere. */
  private final @Nullable String region;

  /**
   * Make a judge on one target.
   *
   * @param region where {@code stacks} asks, or null when that is not known
   */
  DeploymentGate(Target target, StackLookup stacks, boolean allowCleanup, @Nullable String region) {
    this.region = region;
    this.target = target;
    this.stacks = stacks;
    this.allowCleanup = allowCleanup;
  }

  /**
   * Decide.
   *
   * @param registry the registry, or null when it is unavailable and CloudFormation decides alone
   * @param self the id of the deployment that asks, which is not in its own way; or null
   */
  GateDecision decide(@Nullable RegistryDocument registry, @Nullable String self, Instant now) {
    @Nullable Deployment blocker = null;
    @Nullable AwsFailure unproven = null;
    List<Deployment> stale = new ArrayList<>();
    if (registry != null) {
      for (Deployment entry : holders(registry, target, self)) {
        if (!entry.leaseExpired(now)) {
          blocker = blocker == null || unproven != null ? entry : blocker;
          unproven = null;
        } else if (isHere(entry) && stacks.view(stackOf(entry)).seenIdle()) {
          stale.add(entry);
        } else if (blocker == null) {
          blocker = entry;
          unproven = failureOf(stacks.view(stackOf(entry)));
        }
      }
    }
    return blocker == null
        ? decideOnStack(
            registry == null ? DecisionSource.CLOUDFORMATION : DecisionSource.BOTH, stale)
        : blockedBy(blocker, stale, unproven);
  }

  /** Return the entries that hold the target's place, oldest first. */
  static List<Deployment> holders(RegistryDocument registry, Target target, @Nullable String self) {
    return registry
        .active()
        .filter(entry -> entry.concerns(target.environment(), target.stackName()))
        .filter(entry -> !entry.correlationId().equals(self))
        .toList();
  }

  /** Return the verdict that an entry which holds the place, or waits ahead, is in the way. */
  static GateDecision blockedBy(
      Target target, Deployment blocker, List<Deployment> stale, @Nullable Stack stack) {
    return blockedBy(target, blocker, stale, stack, null);
  }

  private static GateDecision blockedBy(
      Target target,
      Deployment blocker,
      List<Deployment> stale,
      @Nullable Stack stack,
      @Nullable AwsFailure unproven) {
    boolean busy = stack != null;
    return new GateDecision(
        target,
        false,
        busy
            ? GateReason.ACTIVE_DEPLOYMENT_IN_PROGRESS
            : GateReason.REGISTERED_DEPLOYMENT_IN_PROGRESS,
        busy ? DecisionSource.BOTH : DecisionSource.REGISTRY,
        blocker,
        stack,
        stale,
        unproven);
  }

  private GateDecision blockedBy(
      Deployment blocker, List<Deployment> stale, @Nullable AwsFailure unproven) {
    StackState view = stacks.viewWithin(target.stackName(), COURTESY);
    Stack busy = view instanceof StackState.Busy at ? at.stack() : null;
    return blockedBy(target, blocker, stale, busy, unproven);
  }

  private static @Nullable AwsFailure failureOf(StackState view) {
    return view instanceof StackState.Unknown unknown ? unknown.failure() : null;
  }

  private GateDecision decideOnStack(DecisionSource source, List<Deployment> stale) {
    StackState view = stacks.view(target.stackName());
    if (view instanceof StackState.Unknown unknown) {
      GateReason reason =
          unknown.failure().problem().concernsIdentity()
              ? GateReason.AWS_ACCESS_DENIED
              : GateReason.AWS_UNREACHABLE;
      return new GateDecision(
          target,
          false,
          reason,
          DecisionSource.CLOUDFORMATION,
          null,
          null,
          stale,
          unknown.failure());
    }
    if (view instanceof StackState.Busy busy) {
      return new GateDecision(
          target,
          false,
          GateReason.ACTIVE_DEPLOYMENT_IN_PROGRESS,
          DecisionSource.CLOUDFORMATION,
          null,
          busy.stack(),
          stale,
          null);
    }
    if (view instanceof StackState.Idle idle) {
      boolean dirty = idle.stack().status().needsCleanup();
      return new GateDecision(
          target,
          !dirty || allowCleanup,
          dirty ? GateReason.STACK_NEEDS_CLEANUP : GateReason.STACK_IDLE,
          dirty ? DecisionSource.CLOUDFORMATION : source,
          null,
          idle.stack(),
          stale,
          null);
    }
    return new GateDecision(
        target, true, GateReason.NO_STACK_EXISTS, source, null, null, stale, null);
  }

  private boolean isHere(Deployment entry) {
    return region == null || entry.region() == null || region.equals(entry.region());
  }

  private String stackOf(Deployment entry) {
    String stack = entry.stackName();
    return stack == null ? target.stackName() : stack;
  }
}
