package deployctl.coordinator.lock;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.coordinator.lock.GateDecision.DecisionSource;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a deployment may start, from what the registry and CloudFormation say: a pure
 * function of one document and one set of answers.
 *
 * <p>Doubt is never a yes. An entry that nobody is at work for, by all that can be told from here,
 * goes on blocking until its stack was seen idle.
 */
final class DeploymentGate {
  private DeploymentGate() {}

  /** Return who holds the lock that the question is about, oldest first. */
  static List<Deployment> holders(RegistryDocument registry, GateQuestion question) {
    return registry.holders(
        question.target().environment(), question.target().stackName(), question.self());
  }

  /**
   * Decide.
   *
   * @param registry the registry, or null when it is unavailable and CloudFormation decides alone
   */
  static GateDecision decide(
      GateQuestion question, @Nullable RegistryDocument registry, StackAnswers answers) {
    @Nullable Deployment blocker = null;
    @Nullable AwsFailure unproven = null;
    List<Deployment> stale = new ArrayList<>();
    List<Deployment> holders = registry == null ? List.of() : holders(registry, question);
    for (Deployment holder : holders) {
      String stack = question.stackOf(holder);
      if (!holder.hold(question.now()).freeable()) {
        blocker = blocker == null || unproven != null ? holder : blocker;
        unproven = null;
      } else if (question.here(holder) && answers.seenIdle(holder, stack)) {
        stale.add(holder);
      } else if (blocker == null) {
        blocker = holder;
        unproven = failureOf(answers.find(stack));
      }
    }
    StackState state = answers.find(question.target().stackName());
    return blocker == null
        ? onStack(question, state, registry != null, stale)
        : GateDecision.blockedBy(question.target(), blocker, stale, stackOf(state), unproven);
  }

  private static GateDecision onStack(
      GateQuestion question,
      @Nullable StackState state,
      boolean withRegistry,
      List<Deployment> stale) {
    DecisionSource source = withRegistry ? DecisionSource.BOTH : DecisionSource.CLOUDFORMATION;
    if (state == null) {
      throw new IllegalArgumentException("CloudFormation was not asked about the target");
    }
    if (state instanceof StackState.Unknown unknown) {
      GateReason reason =
          unknown.failure().problem().concernsIdentity()
              ? GateReason.AWS_ACCESS_DENIED
              : GateReason.AWS_UNREACHABLE;
      return new GateDecision(
          question.target(),
          false,
          reason,
          DecisionSource.CLOUDFORMATION,
          null,
          null,
          stale,
          unknown.failure());
    }
    if (state instanceof StackState.Busy busy) {
      return new GateDecision(
          question.target(),
          false,
          GateReason.ACTIVE_DEPLOYMENT_IN_PROGRESS,
          DecisionSource.CLOUDFORMATION,
          null,
          busy.stack(),
          stale,
          null);
    }
    if (state instanceof StackState.Idle idle) {
      boolean dirty = idle.stack().status().needsCleanup();
      return new GateDecision(
          question.target(),
          !dirty || question.allowed().cleanup().allows(idle.stack().status()),
          dirty ? GateReason.STACK_NEEDS_CLEANUP : GateReason.STACK_IDLE,
          dirty ? DecisionSource.CLOUDFORMATION : source,
          null,
          idle.stack(),
          stale,
          null);
    }
    return new GateDecision(
        question.target(), true, GateReason.NO_STACK_EXISTS, source, null, null, stale, null);
  }

  private static @Nullable AwsFailure failureOf(@Nullable StackState state) {
    return state instanceof StackState.Unknown unknown ? unknown.failure() : null;
  }

  private static @Nullable Stack stackOf(@Nullable StackState state) {
    return state instanceof StackState.Busy busy
        ? busy.stack()
        : state instanceof StackState.Idle idle ? idle.stack() : null;
  }
}
