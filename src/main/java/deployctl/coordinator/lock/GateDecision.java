package deployctl.coordinator.lock;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.cli.ExitCode;
import deployctl.registry.Deployment;
import deployctl.target.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a deployment may start, and why.
 *
 * @param canDeploy true only when both registry and CloudFormation were seen free, or
 *     CloudFormation alone where the registry is unavailable
 * @param source which of the two the reason rests on
 * @param blocker the entry that is in the way, or null
 * @param stack the stack as CloudFormation shows it, or null when there is none or it is not known
 * @param stale entries that nobody is at work for, while nothing is at work on their stack
 * @param failure why AWS gave no answer, or null when it gave one
 * @param knownIn where the stack was deployed before, when it is not there and that is a reason
 *     against making it; else null
 */
public record GateDecision(
    Target target,
    boolean canDeploy,
    GateReason reason,
    DecisionSource source,
    @Nullable Deployment blocker,
    @Nullable Stack stack,
    List<Deployment> stale,
    @Nullable AwsFailure failure,
    @Nullable KnownStack knownIn) {

  /** Make a decision on a stack that is known nowhere else. */
  GateDecision(
      Target target,
      boolean canDeploy,
      GateReason reason,
      DecisionSource source,
      @Nullable Deployment blocker,
      @Nullable Stack stack,
      List<Deployment> stale,
      @Nullable AwsFailure failure) {
    this(target, canDeploy, reason, source, blocker, stack, stale, failure, null);
  }

  /** Return the decision not to make a stack that is known elsewhere. */
  GateDecision knownIn(KnownStack elsewhere) {
    return new GateDecision(
        target, false, reason, source, blocker, stack, stale, failure, elsewhere);
  }

  /** What a decision rests on. The names are written in lower case. */
  public enum DecisionSource {
    /** The registry. */
    REGISTRY,
    /** CloudFormation. */
    CLOUDFORMATION,
    /** Both. */
    BOTH
  }

  /** Return the decision that an entry which holds the lock, or waits ahead, is in the way. */
  static GateDecision blockedBy(Target target, Deployment blocker) {
    return blockedBy(target, blocker, List.of(), null, null);
  }

  /**
   * Return the decision that an entry is in the way.
   *
   * @param stack the target's stack, or null when there is none or it is not known
   * @param unproven why it is not known whether the entry is stale, or null
   */
  static GateDecision blockedBy(
      Target target,
      Deployment blocker,
      List<Deployment> stale,
      @Nullable Stack stack,
      @Nullable AwsFailure unproven) {
    boolean busy = stack != null && stack.status().inProgress();
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

  /** Return the exit code that says this. */
  public ExitCode exitCode() {
    if (canDeploy) {
      return ExitCode.OK;
    }
    return switch (reason) {
      case ACTIVE_DEPLOYMENT_IN_PROGRESS, REGISTERED_DEPLOYMENT_IN_PROGRESS -> ExitCode.ACTIVE;
      case STACK_NEEDS_CLEANUP, NO_STACK_EXISTS -> ExitCode.NO;
      case AWS_UNREACHABLE, AWS_ACCESS_DENIED, STACK_IDLE -> ExitCode.UNKNOWN;
    };
  }
}
