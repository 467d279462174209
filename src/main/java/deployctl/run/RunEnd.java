package deployctl.run;

import deployctl.registry.DeploymentStatus;
import java.time.Instant;

/**
 * How a run ended.
 *
 * @param exit the command's exit code
 * @param cancelled whether it was told to end
 * @param lost whether the lock was lost on the way
 * @param at when
 * @param stack what the stack did meanwhile
 */
record RunEnd(int exit, boolean cancelled, boolean lost, Instant at, StackOutcome stack) {
  /** Tell whether it succeeded: what CloudFormation says of the stack counts, too. */
  boolean good() {
    return exit == 0 && !cancelled && !lost && !stackFailed();
  }

  private boolean stackFailed() {
    return stack instanceof StackOutcome.Ended ended && !ended.operation().succeeded();
  }

  /** Return the status that the registry keeps. */
  DeploymentStatus status() {
    return cancelled
        ? DeploymentStatus.CANCELLED
        : good() ? DeploymentStatus.SUCCEEDED : DeploymentStatus.FAILED;
  }

  /** Return why it did not succeed, for a sentence. */
  String why() {
    if (lost) {
      return "it lost the deployment lock and was told to end";
    }
    if (cancelled) {
      return "it was cancelled";
    }
    return exit == 0 && stack instanceof StackOutcome.Ended ended
        ? "the command exited with 0, and the stack's operation failed ("
            + ended.operation().status()
            + ")"
            + cause()
        : "the command exited with " + exit + cause();
  }

  private String cause() {
    if (stack instanceof StackOutcome.Ended ended) {
      return ended.operation().causeLine().map(line -> ": " + line).orElse("");
    }
    return unknown().isEmpty() ? "" : "; " + unknown();
  }

  /** Return that it is not known how the stack's operation went, and why; empty where it is. */
  String unknown() {
    return stack instanceof StackOutcome.Unanswered unanswered
        ? "how the stack's operation went is not known: " + unanswered.why()
        : "";
  }
}
