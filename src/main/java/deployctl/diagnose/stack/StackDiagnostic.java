package deployctl.diagnose.stack;

import deployctl.aws.cloudformation.ConsoleLinks;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.check.DiagnosticOption;
import deployctl.diagnose.ecs.EcsDiagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.estimator.history.HistoryFile;
import deployctl.operation.StackOperation;
import deployctl.support.config.Settings;
import deployctl.support.time.Timestamps;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@code diagnose stack}: stuck, stalled, failed, or left in a state that needs a hand. */
public final class StackDiagnostic implements Diagnostic {
  private static final int SHOWN_EVENTS = 5;

  private final EcsDiagnostic ecs;
  private final Supplier<HistoryFile> history;
  private final MissingStack missing;
  private final Settings settings;

  /** Make it; {@code history} tells how long resources usually take. */
  public StackDiagnostic(
      EcsDiagnostic ecs, Supplier<HistoryFile> history, MissingStack missing, Settings settings) {
    this.missing = missing;
    this.ecs = ecs;
    this.history = history;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "stack";
  }

  @Override
  public String summary() {
    return "Why a stack is stuck, failed, or cannot be deployed to.";
  }

  @Override
  public int order() {
    return 0;
  }

  @Override
  public Set<DiagnosticOption> options() {
    return Set.of(DiagnosticOption.HEALTH_URL);
  }

  @Override
  public boolean usesRules() {
    return true;
  }

  @Override
  public void inspect(DiagnosisRun run) {
    String name = run.target().stackName();
    CheckRunner.CheckAnswer<Optional<Stack>> asked =
        run.checks()
            .ask(
                "stack",
                () -> run.cached().stack(name),
                found ->
                    found.map(this::seen).orElse(CheckResult.pass("there is no stack " + name)));
    Optional<Optional<Stack>> answer = asked.get();
    if (answer.isEmpty()) {
      return;
    }
    Optional<Stack> found = answer.get().filter(stack -> !stack.status().deleted());
    if (found.isEmpty()) {
      run.subjectRead();
      run.add(missing.knownElsewhere(run).orElseGet(() -> notFound(run, name)));
      return;
    }
    Stack stack = found.get();
    Optional<CachedAws.Latest> latest =
        run.checks().ask("events", () -> run.cached().latest(stack), this::seen).get();
    StackOperation operation =
        latest.map(CachedAws.Latest::operation).orElseGet(() -> new StackOperation(stack.id()));
    // A stack whose events were not read to the end may have failed in any of them.
    latest.ifPresent(
        one -> {
          run.subjectRead();
          tellLast(run, one.events());
        });
    String link = ConsoleLinks.stack(stack.region(), stack.name());
    if (link != null) {
      run.checks().tell("console", CheckResult.pass(link));
    }
    inspect(run, stack, operation);
  }

  /** What happened last, for a look without the console. */
  private static void tellLast(DiagnosisRun run, List<StackEvent> events) {
    List<String> last =
        events.subList(Math.max(0, events.size() - SHOWN_EVENTS), events.size()).stream()
            .map(
                event ->
                    Timestamps.clock(event.timestamp())
                        + " "
                        + event.logicalResourceId()
                        + " "
                        + event.status()
                        + (event.reason() == null ? "" : " (" + event.reason().strip() + ")"))
            .toList();
    if (!last.isEmpty()) {
      run.checks().tell("last events", CheckResult.pass(String.join("; ", last)));
    }
  }

  private void inspect(DiagnosisRun run, Stack stack, StackOperation operation) {
    String status = stack.status().name();
    StackRootCause rootCauses = new StackRootCause(run, stack, operation, ecs);
    boolean broken = broken(status) || stack.status().inProgress() && !live(status);
    if (broken) {
      rootCauses.find();
    }
    if (stack.status().inProgress() && !live(status)) {
      new StackProgress(run, stack, operation, rootCauses, history.get(), settings).inspect();
    }
    boolean explained =
        run.findings().stream()
            .anyMatch(one -> one.problem() && one.role() == Finding.FindingRole.CAUSE);
    if (broken(status) && !explained) {
      run.add(unexplained(run, stack, operation));
    }
    state(run, stack, operation);
  }

  /** The change is live; only what it replaced is still being removed. */
  private boolean live(String status) {
    return status.endsWith("_CLEANUP_IN_PROGRESS");
  }

  private boolean broken(String status) {
    return status.endsWith("_FAILED")
        || status.endsWith("ROLLBACK_COMPLETE")
        || status.equals("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
  }

  /** Nothing says why: a person cancelled it, or its events are not to be had. */
  private Finding unexplained(DiagnosisRun run, Stack stack, StackOperation operation) {
    String reason = operation.rollbackReason();
    boolean cancelled = operation.turnedByPerson();
    String message = reason != null ? reason : stack.statusReason();
    return Finding.cause(
        FindingCode.RESOURCE_FAILED,
        cancelled
            ? "The last operation of " + stack.name() + " was cancelled by a person and rolled back"
            : operation
                .turnReason()
                .map(why -> "The last operation of " + stack.name() + " was rolled back: " + why)
                .orElse("The last operation of " + stack.name() + " failed, and no event says why"),
        List.of(
            "CloudFormation: "
                + stack.status()
                + (message == null ? "" : ": " + DiagnosisRun.quoted(message))),
        stack.name(),
        Remediation.of("Deploy again", run.deploy()));
  }

  private void state(DiagnosisRun run, Stack stack, StackOperation operation) {
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
              stack.statusReason() == null
                  ? List.of("CloudFormation: " + stack.status())
                  : List.of(
                      "CloudFormation: "
                          + stack.status()
                          + ": "
                          + DiagnosisRun.quoted(stack.statusReason())),
              stack.name(),
              new StackRemediations(run, stack).forState(operation),
              Finding.FindingRole.STATE));
    }
  }

  private Finding notFound(DiagnosisRun run, String name) {
    return new Finding(
        FindingCode.STACK_NOT_FOUND,
        "There is no stack " + name,
        List.of("CloudFormation knows no stack of this name in this account and region"),
        name,
        Remediation.of("Nothing stands in the way of a deployment", run.deploy()),
        Finding.FindingRole.STATE);
  }

  private CheckResult seen(Stack stack) {
    String message =
        stack.status()
            + (stack.operationStartedAt() == null
                ? ""
                : " since " + Timestamps.format(stack.operationStartedAt()));
    boolean bad = broken(stack.status().name());
    return bad ? CheckResult.fail(message) : CheckResult.pass(message);
  }

  private CheckResult seen(CachedAws.Latest latest) {
    StackOperation operation = latest.operation();
    int failures = operation.failures().size();
    String nested =
        operation.nestedStacks().isEmpty()
            ? ""
            : ", " + operation.nestedStacks().size() + " nested stacks";
    return new CheckResult(
        failures == 0 ? Check.CheckStatus.PASS : Check.CheckStatus.WARN,
        "the latest "
            + operation.kind().describe()
            + ": "
            + operation.resources().size()
            + " resources, "
            + failures
            + " failures"
            + nested);
  }
}
