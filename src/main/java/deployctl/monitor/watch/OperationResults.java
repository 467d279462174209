package deployctl.monitor.watch;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.operation.OperationFailure;
import deployctl.operation.StackOperation;
import deployctl.operation.StackOperation.OperationKind;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how watching ended. */
final class OperationResults {
  private OperationResults() {}

  /** The operation is over. */
  static OperationResult over(Stack stack, StackOperation operation) {
    // The stack may be at its next operation by now.
    String status = operation.ended() ? operation.status() : stack.status().name();
    boolean deleted = status.equals("DELETE_COMPLETE");
    boolean good = StackOperation.succeeded(operation.kind(), status);
    Duration took = took(operation, stack);
    if (good) {
      return new OperationResult(
          MonitorOutcome.SUCCEEDED,
          stack.name(),
          status,
          "The "
              + operation.kind().describe()
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
            ? stack.name() + " was deleted during its " + operation.kind().describe()
            : "The "
                + operation.kind().describe()
                + " of "
                + stack.name()
                + " failed ("
                + status
                + ")";
    return failed(stack.name(), status, what, operation, took, stack.statusReason());
  }

  /** The stack is not there any more, and AWS does not know it by its id either. */
  static OperationResult gone(WatchRequest request, StackOperation operation, Instant now) {
    Duration took = between(operation.startedAt(), now);
    if (operation.kind() == OperationKind.DELETE) {
      return new OperationResult(
          MonitorOutcome.SUCCEEDED,
          request.stack(),
          "DELETE_COMPLETE",
          request.stack() + " is deleted",
          null,
          null,
          List.of(),
          operation.startedAt(),
          took);
    }
    String what = request.stack() + " was deleted during its " + operation.kind().describe();
    return failed(request.stack(), "DELETE_COMPLETE", what, operation, took, null);
  }

  /** There is no such stack, and there was none. */
  static OperationResult noStack(WatchRequest request) {
    return plain(
        MonitorOutcome.FAILED,
        request.stack(),
        "",
        "There is no stack " + request.stack() + "; --wait-for-stack waits for one");
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
      WatchRequest request, AwsFailure failure, @Nullable StackOperation operation) {
    String next = failure.nextStep().isEmpty() ? "" : ". " + failure.nextStep();
    return new OperationResult(
        MonitorOutcome.UNKNOWN,
        request.stack(),
        operation == null ? "" : operation.status(),
        "Watching " + request.stack() + " was given up: " + failure.what() + next,
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
    String turned =
        operation
            .turnReason()
            .orElseGet(() -> operation.rollbackReason() == null ? "" : operation.rollbackReason());
    String message = turned.isEmpty() ? stackReason : turned;
    String why =
        cause != null ? ": " + cause.line() : message == null ? "" : ": " + message.strip();
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
