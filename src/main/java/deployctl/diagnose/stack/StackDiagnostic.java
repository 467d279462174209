package deployctl.diagnose.stack;

import deployctl.aws.cloudformation.Stack;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.operation.StackOperation;
import deployctl.support.time.Timestamps;
import java.util.List;
import java.util.Optional;

/** {@code diagnose stack}: stuck, stalled, failed, or left in a state that needs a hand. */
public final class StackDiagnostic implements Diagnostic {
  @Override
  public void examine(DiagnosisRun run) {
    String name = run.target().stackName();
    CheckRunner.CheckAnswer<Optional<Stack>> asked =
        run.checks()
            .ask(
                "stack",
                () -> run.facts().stack(name),
                found ->
                    found
                        .map(StackDiagnostic::seen)
                        .orElse(CheckResult.pass("there is no stack " + name)));
    Optional<Optional<Stack>> answer = asked.get();
    if (answer.isEmpty()) {
      return;
    }
    run.subjectRead();
    Optional<Stack> found = answer.get().filter(stack -> !stack.status().deleted());
    if (found.isEmpty()) {
      run.add(notFound(run, name));
      return;
    }
    Stack stack = found.get();
    Optional<CachedAws.Latest> latest =
        run.checks().ask("events", () -> run.facts().latest(stack), StackDiagnostic::seen).get();
    StackOperation operation =
        latest.map(CachedAws.Latest::operation).orElseGet(() -> new StackOperation(stack.id()));
    examine(run, stack, operation);
  }

  private static void examine(DiagnosisRun run, Stack stack, StackOperation operation) {
    String status = stack.status().name();
    StackRootCause causes = new StackRootCause(run, stack, operation);
    boolean broken = broken(status) || stack.status().inProgress() && !live(status);
    if (broken) {
      causes.find();
    }
    if (stack.status().inProgress() && !live(status)) {
      new StackProgress(run, stack, operation, causes).examine();
    }
    if (broken(status) && run.findings().stream().noneMatch(Finding::problem)) {
      run.add(unexplained(run, stack, operation));
    }
    state(run, stack, operation);
  }

  /** The change is live; only what it replaced is still being removed. */
  private static boolean live(String status) {
    return status.endsWith("_CLEANUP_IN_PROGRESS");
  }

  private static boolean broken(String status) {
    return status.endsWith("_FAILED")
        || status.endsWith("ROLLBACK_COMPLETE")
        || status.equals("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
  }

  /** Nothing says why: a person cancelled it, or its events are not to be had. */
  private static Finding unexplained(DiagnosisRun run, Stack stack, StackOperation operation) {
    String reason = operation.rollbackReason();
    boolean cancelled = reason != null && reason.startsWith("User Initiated");
    String words = reason != null ? reason : stack.statusReason();
    return Finding.cause(
        FindingCode.RESOURCE_FAILED,
        cancelled
            ? "The last operation of " + stack.name() + " was cancelled by a person and rolled back"
            : "The last operation of " + stack.name() + " failed, and no event says why",
        List.of(
            "CloudFormation: "
                + stack.status()
                + (words == null ? "" : ": " + DiagnosisRun.quoted(words))),
        stack.name(),
        Remediation.of("Deploy again", run.deploy()));
  }

  private static void state(DiagnosisRun run, Stack stack, StackOperation operation) {
    FindingCode code =
        switch (stack.status().name()) {
          case "ROLLBACK_COMPLETE", "CREATE_FAILED" -> FindingCode.STACK_NEEDS_CLEANUP;
          case "ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED" -> FindingCode.ROLLBACK_FAILED;
          case "DELETE_FAILED" -> FindingCode.DELETE_FAILED;
          default -> null;
        };
    if (code != null) {
      run.add(
          new Finding(
              code,
              stack.name() + " is left in " + stack.status(),
              stack.statusReason() == null || stack.statusReason().isBlank()
                  ? List.of("CloudFormation: " + stack.status())
                  : List.of(
                      "CloudFormation: "
                          + stack.status()
                          + ": "
                          + DiagnosisRun.quoted(stack.statusReason())),
              stack.name(),
              new StackRemediations(run, stack).forState(operation),
              Finding.Place.STATE));
    }
  }

  private static Finding notFound(DiagnosisRun run, String name) {
    return new Finding(
        FindingCode.STACK_NOT_FOUND,
        "There is no stack " + name,
        List.of("CloudFormation knows no stack of this name in this account and region"),
        name,
        Remediation.of("Nothing stands in the way of a deployment", run.deploy()),
        Finding.Place.STATE);
  }

  private static CheckResult seen(Stack stack) {
    String words =
        stack.status()
            + (stack.operationStartedAt() == null
                ? ""
                : " since " + Timestamps.format(stack.operationStartedAt()));
    boolean bad = broken(stack.status().name());
    return bad ? CheckResult.fail(words) : CheckResult.pass(words);
  }

  private static CheckResult seen(CachedAws.Latest latest) {
    StackOperation operation = latest.operation();
    int failures = operation.failures().size();
    String nested =
        operation.nestedStacks().isEmpty()
            ? ""
            : ", " + operation.nestedStacks().size() + " nested stacks";
    return new CheckResult(
        failures == 0 ? Check.CheckStatus.PASS : Check.CheckStatus.WARN,
        "the latest "
            + operation.kind().words()
            + ": "
            + operation.resources().size()
            + " resources, "
            + failures
            + " failures"
            + nested);
  }
}
