package deployctl.monitor.watch;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.operation.OperationFailure;
import deployctl.operation.StackOperation;
import deployctl.operation.StackOperation.OperationKind;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says how watching ended. */
final class OperationResults {
  private static final Set<String> GOOD =
      Set.of("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE");

  private OperationResults() {}

  /** The operation is over. */
  static OperationResult over(Stack stack, StackOperation operation) {
    // The stack may be at its next operation by now.
    String status = operation.ended() ? operation.status() : stack.status().name();
    boolean deleted = status.equals("DELETE_COMPLETE");
    boolean good =
        GOOD.contains(status)
            || deleted && operation.kind() == OperationKind.DELETE
            || operation.kind() == OperationKind.ROLLBACK && status.endsWith("ROLLBACK_COMPLETE");
    Duration took = took(operation, stack);
    if (good) {
      return new OperationResult(
          MonitorOutcome.SUCCEEDED,
          stack.name(),
          status,
          "The "
              + operation.kind().words()
              + " of "
              + stack.name()
              + " succeeded in "
              + Durations.humane(took),
          null,
          null,
          List.of(),
          operation.startedAt(),
          took);
    }
    String what =
        deleted
            ? stack.name() + " was deleted during its " + operation.kind().words()
            : "The "
                + operation.kind().words()
                + " of "
                + stack.name()
                + " failed ("
                + status
                + ")";
    return failed(stack.name(), status, what, operation, took, stack.statusReason());
  }

  /** The stack is not there any more, and AWS does not know it by its id either. */
  static OperationResult gone(WatchRequest watched, StackOperation operation, Instant now) {
    Duration took = between(operation.startedAt(), now);
    if (operation.kind() == OperationKind.DELETE) {
      return new OperationResult(
          MonitorOutcome.SUCCEEDED,
          watched.stack(),
          "DELETE_COMPLETE",
          watched.stack() + " is deleted",
          null,
          null,
          List.of(),
          operation.startedAt(),
          took);
    }
    String what = watched.stack() + " was deleted during its " + operation.kind().words();
    return failed(watched.stack(), "DELETE_COMPLETE", what, operation, took, null);
  }

  /** There is no such stack, and there was none. */
  static OperationResult noStack(WatchRequest watched) {
    return plain(
        MonitorOutcome.FAILED,
        watched.stack(),
        "",
        "There is no stack " + watched.stack() + "; --wait-for-stack waits for one");
  }

  /**
   * The stack was idle all the time: a deployment without changes, or one that never came to it.
   */
  static OperationResult nothingBegan(Stack stack, @Nullable Deployment entry) {
    String state = stack.name() + " began; it is in " + stack.status();
    if (entry != null
        && entry.status().finished()
        && entry.status() != DeploymentStatus.SUCCEEDED) {
      String end = entry.status() == DeploymentStatus.CANCELLED ? "was cancelled" : "failed";
      return plain(
          MonitorOutcome.FAILED,
          stack.name(),
          stack.status().name(),
          "The deployment " + end + " before an operation of " + state);
    }
    return plain(
        stack.status().needsCleanup() ? MonitorOutcome.FAILED : MonitorOutcome.SUCCEEDED,
        stack.name(),
        stack.status().name(),
        "No operation of " + state);
  }

  /** AWS stayed away, or refused for good. */
  static OperationResult gaveUp(
      WatchRequest watched, AwsFailure failure, @Nullable StackOperation operation) {
    String next = failure.nextStep().isEmpty() ? "" : ". " + failure.nextStep();
    return new OperationResult(
        MonitorOutcome.UNKNOWN,
        watched.stack(),
        operation == null ? "" : operation.status(),
        "Watching " + watched.stack() + " was given up: " + failure.what() + next,
        null,
        null,
        List.of(),
        operation == null ? null : operation.startedAt(),
        Duration.ZERO);
  }

  private static OperationResult failed(
      String name,
      String status,
      String what,
      StackOperation operation,
      Duration took,
      @Nullable String stackReason) {
    OperationFailure cause = operation.rootCause().orElse(null);
    OperationFailure rollback = operation.rollbackFailure().orElse(null);
    List<OperationFailure> followed =
        operation.failures().stream()
            .filter(failure -> !failure.equals(cause) && !failure.equals(rollback))
            .filter(failure -> !failure.stackItself())
            .toList();
    String words = operation.rollbackReason() != null ? operation.rollbackReason() : stackReason;
    String why = cause != null ? ": " + cause.line() : words == null ? "" : ": " + words.strip();
    return new OperationResult(
        MonitorOutcome.FAILED,
        name,
        status,
        what + why,
        cause,
        rollback,
        followed,
        operation.startedAt(),
        took);
  }

  private static OperationResult plain(
      MonitorOutcome outcome, String stack, String status, String summary) {
    return new OperationResult(
        outcome, stack, status, summary, null, null, List.of(), null, Duration.ZERO);
  }

  private static Duration took(StackOperation operation, Stack stack) {
    Instant start =
        operation.startedAt() != null ? operation.startedAt() : stack.operationStartedAt();
    return operation.lastEventAt() == null
        ? Duration.ZERO
        : between(start, operation.lastEventAt());
  }

  private static Duration between(@Nullable Instant start, Instant end) {
    Duration length = start == null ? Duration.ZERO : Duration.between(start, end);
    return length.isNegative() ? Duration.ZERO : length;
  }
}
