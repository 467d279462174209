package deployctl.reset;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.diagnose.DiagnosisPrinter;
import deployctl.operation.OperationFailure;
import deployctl.operation.OperationFeed;
import deployctl.operation.Progress;
import deployctl.operation.SeenEvents;
import deployctl.operation.StackOperation;
import deployctl.support.Failure;
import deployctl.support.time.Durations;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a stack and follows it to its end. The stack is asked for by its ARN, so that one made
 * anew under the name is never taken for it, nor deleted.
 */
final class StackDeletion {
  private static final Duration POLL = Duration.ofSeconds(3);

  /** CloudFormation shows a deletion as begun a moment after it was asked for. */
  private static final Duration TO_BEGIN = Duration.ofSeconds(15);

  /** How long AWS may stay away while the deletion goes on. */
  private static final Duration AWS_PATIENCE = Duration.ofMinutes(10);

  private final ResetContext context;
  private final ResetJournal file;
  private final Target target;
  private final Stacks stacks;
  private @Nullable OperationFeed feed;

  StackDeletion(ResetContext context, ResetJournal file, Target target) {
    this.context = context;
    this.file = file;
    this.target = target;
    this.stacks = context.monitoring().stacks().get();
  }

  /** Delete it, or wait for a deletion that is under way; returns what came of it. */
  String run() {
    String id = file.text("stack_id");
    if (id == null) {
      return "there was no stack " + target.stackName();
    }
    Optional<Stack> found = stacks.find(id).filter(stack -> !stack.status().deleted());
    if (found.isEmpty()) {
      return target.stackName() + " is gone";
    }
    Stack stack = found.get();
    String before = stack.status().name();
    boolean underWay = before.equals("DELETE_IN_PROGRESS");
    if (!underWay) {
      begin(stack, id);
    }
    return follow(id, underWay ? "" : before);
  }

  private void begin(Stack stack, String id) {
    if (stack.terminationProtection()) {
      if (!file.flag("lift_protection")) {
        throw new Failure(
            Failure.FailureKind.FAILED,
            stack.name() + " is protected against termination",
            "If it is really to go: 'deployctl reset --resume --lift-protection'");
      }
      stacks.protect(id, false);
    }
    // AWS takes ids to be left behind only after a deletion has failed.
    boolean failedBefore = stack.status().name().equals("DELETE_FAILED");
    stacks.delete(id, failedBefore ? file.texts("retain") : List.of());
  }

  /**
   * Follow a deletion.
   *
   * @param before the status in which it was asked for, which CloudFormation may show for a moment
   *     more; empty when it was under way
   */
  private String follow(String id, String before) {
    boolean seenAtWork = false;
    Instant begun = context.time().now();
    Instant answered = begun;
    while (true) {
      try {
        Optional<Stack> now = stacks.find(id);
        answered = context.time().now();
        if (now.isEmpty() || now.get().status().deleted()) {
          context.console().endStatus();
          return target.stackName()
              + " was deleted in "
              + Durations.humane(Duration.between(begun, answered));
        }
        String status = now.get().status().name();
        seenAtWork |= status.equals("DELETE_IN_PROGRESS");
        boolean notBegun =
            status.equals(before)
                && !seenAtWork
                && Duration.between(begun, answered).compareTo(TO_BEGIN) < 0;
        if (!notBegun && !status.equals("DELETE_IN_PROGRESS")) {
          context.console().endStatus();
          throw failed(now.get());
        }
        show(now.get(), begun);
      } catch (AwsFailure e) {
        boolean goesOn =
            e.problem().passing()
                && Duration.between(answered, context.time().now()).compareTo(AWS_PATIENCE) < 0;
        if (!goesOn) {
          throw e;
        }
        context.console().status("AWS does not answer; trying on: " + e.what());
      }
      pause();
    }
  }

  private void show(Stack stack, Instant begun) {
    OperationFeed following = feed;
    if (following == null) {
      following = new OperationFeed(stacks, stack.id(), null, new SeenEvents(20_000));
      feed = following;
    }
    following.next();
    StackOperation operation = following.operation();
    Instant now = context.time().now();
    String words =
        stack.status()
            + ": "
            + Progress.of(operation, stack.id(), null).words()
            + ", "
            + Durations.humane(Duration.between(begun, now))
            + left(stack, operation, now)
            + running(operation, now);
    if (!context.console().status(words)
        && Duration.between(lastLine, now).compareTo(Duration.ofSeconds(30)) >= 0) {
      lastLine = now;
      context.console().note(words);
    }
  }

  private Instant lastLine = Instant.EPOCH;

  private String left(Stack stack, StackOperation operation, Instant now) {
    var remaining = context.monitoring().remainder().get().of(stack, operation, null, now);
    return remaining == null ? "" : ", " + remaining.words();
  }

  private static String running(StackOperation operation, Instant now) {
    List<String> names =
        operation.inProgress(now).stream().limit(3).map(run -> run.logicalId()).toList();
    return names.isEmpty() ? "" : "; in progress: " + String.join(", ", names);
  }

  /** Say what blocks it, and what helps; nothing of it is done by itself. */
  private Failure failed(Stack stack) {
    DiagnosisPrinter.stack(context.diagnosing(), target);
    OperationFeed seen = new OperationFeed(stacks, stack.id(), null, new SeenEvents(20_000));
    seen.next();
    List<String> blockers =
        seen.operation().failures().stream()
            .filter(failure -> !failure.stackItself() && !failure.follows())
            .map(OperationFailure::logicalId)
            .distinct()
            .toList();
    String why = seen.operation().rootCause().map(OperationFailure::line).orElse("no reason given");
    return new Failure(
        Failure.FailureKind.FAILED,
        stack.name() + " is " + stack.status() + ": " + why,
        "Remove what blocks it, then --resume"
            + (blockers.isEmpty()
                ? ""
                : "; or leave it behind with --resume --retain " + String.join(",", blockers)));
  }

  private void pause() {
    try {
      context.time().sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.FailureKind.FAILED, "Interrupted while the stack goes", "", e);
    }
  }
}
