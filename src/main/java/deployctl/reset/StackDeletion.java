package deployctl.reset;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.OutageTolerance;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.diagnose.DiagnosisReport;
import deployctl.monitor.watch.Monitor;
import deployctl.operation.ExpectedChanges;
import deployctl.operation.ObservedOperation;
import deployctl.operation.OperationFailure;
import deployctl.operation.OperationFeed;
import deployctl.operation.Progress;
import deployctl.operation.StackOperation;
import deployctl.support.Failure;
import deployctl.support.time.Durations;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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
  private static final Duration OUTAGE_TOLERANCE = Duration.ofMinutes(10);

  private final Stacks stacks;
  private final StackDatabases databases;
  private final Supplier<Monitor.Remainder> remainder;
  private final DiagnosisReport diagnosis;
  private final ResetJournal file;
  private final Target target;
  private final Console console;
  private final Time time;
  private @Nullable OperationFeed feed;

  StackDeletion(
      Stacks stacks,
      StackDatabases databases,
      Supplier<Monitor.Remainder> remainder,
      DiagnosisReport diagnosis,
      ResetJournal file,
      Target target,
      Console console,
      Time time) {
    this.stacks = stacks;
    this.remainder = remainder;
    this.databases = databases;
    this.diagnosis = diagnosis;
    this.file = file;
    this.target = target;
    this.console = console;
    this.time = time;
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
    databases.unprotect(id, file.flag("lift_protection"));
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
    Instant begun = time.now();
    Instant answered = begun;
    OutageTolerance tolerance = OutageTolerance.of(OUTAGE_TOLERANCE, time);
    while (true) {
      try {
        Optional<Stack> now = stacks.find(id);
        answered = time.now();
        tolerance.answered();
        if (now.isEmpty() || now.get().status().deleted()) {
          console.endStatus();
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
          console.endStatus();
          throw failed(now.get());
        }
        show(now.get(), begun);
      } catch (AwsFailure e) {
        tolerance.failed();
        if (!tolerance.bears(e)) {
          throw e;
        }
        console.status("AWS does not answer; trying on: " + e.what());
      }
      pause();
    }
  }

  private void show(Stack stack, Instant begun) {
    OperationFeed following = feed;
    if (following == null) {
      following = OperationFeed.latest(stacks, stack.id());
      feed = following;
    }
    following.next();
    StackOperation operation = following.operation();
    Instant now = time.now();
    String text =
        stack.status()
            + ": "
            + Progress.of(operation, stack.id(), null).describe()
            + ", "
            + Durations.humane(Duration.between(begun, now))
            + left(stack, operation, now)
            + running(operation, now);
    if (!console.status(text)
        && Duration.between(lastLine, now).compareTo(Duration.ofSeconds(30)) >= 0) {
      lastLine = now;
      console.note(text);
    }
  }

  private Instant lastLine = Instant.EPOCH;

  private String left(Stack stack, StackOperation operation, Instant now) {
    var remaining =
        remainder
            .get()
            .of(
                new ObservedOperation(
                    stack.name(),
                    stack.id(),
                    operation.kind(),
                    operation,
                    ExpectedChanges.NONE,
                    now));
    return remaining == null ? "" : ", " + remaining.message();
  }

  private static String running(StackOperation operation, Instant now) {
    List<String> names =
        operation.inProgress(now).stream().limit(3).map(run -> run.logicalId()).toList();
    return names.isEmpty() ? "" : "; in progress: " + String.join(", ", names);
  }

  /** Say what blocks it, and what helps; nothing of it is done by itself. */
  private Failure failed(Stack stack) {
    diagnosis.stack(target);
    OperationFeed seen = OperationFeed.latest(stacks, stack.id());
    seen.next();
    List<String> blockers =
        seen.operation().failures().stream()
            .filter(failure -> !failure.stackItself() && !failure.follows())
            .map(OperationFailure::logicalId)
            .distinct()
            .toList();
    String why = seen.operation().causeLine().orElse("no reason given");
    return new Failure(
        Failure.FailureKind.FAILED,
        stack.name() + " is " + stack.status() + ": " + why,
        "Remove what blocks it, then --resume"
            + (blockers.isEmpty()
                ? ""
                : "; or leave it behind with --resume --retain " + String.join(",", blockers)));
  }

  private void pause() {
    if (!new Sleeper(time).sleep(POLL)) {
      throw new Failure(Failure.FailureKind.FAILED, "Interrupted while the stack goes", "");
    }
  }
}
