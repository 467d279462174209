package deployctl.diagnose.stack;

import deployctl.aws.cloudformation.Stack;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.operation.ResourceRun;
import deployctl.operation.StackOperation;
import deployctl.support.text.Shell;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be done about a stack, as complete commands.
 *
 * <p>Source: CloudFormation user guide, "Troubleshooting CloudFormation" and "Continue rolling back
 * an update".
 */
public final class StackRemediations {
  private final DiagnosisRun run;
  private final Stack stack;

  public StackRemediations(DiagnosisRun run, Stack stack) {
    this.run = run;
    this.stack = stack;
  }

  /** Return the remediation for the state that a stack is left in. */
  Remediation forState(StackOperation operation) {
    return switch (stack.status().name()) {
      case "UPDATE_ROLLBACK_FAILED" -> continueRollback(operation);
      case "DELETE_FAILED" -> deleteAgain(operation);
      default -> deleteAndDeploy();
    };
  }

  /** Return the finding that the state of the stack keeps every deployment from beginning. */
  public Finding needsCleanup() {
    CachedAws.Latest latest =
        CachedAws.orElse(
            new CachedAws.Latest(new StackOperation(stack.id()), List.of()),
            () -> run.cached().latest(stack));
    String reason = stack.statusReason();
    return Finding.cause(
        FindingCode.STACK_NEEDS_CLEANUP,
        stack.name() + " is left in " + stack.status() + ": no deployment can start",
        List.of(
            "CloudFormation: "
                + stack.status()
                + (reason == null ? "" : ": " + DiagnosisRun.quoted(reason))),
        stack.name(),
        forState(latest.operation()));
  }

  /** Delete the stack, then deploy anew. */
  Remediation deleteAndDeploy() {
    List<String> commands = deletion(List.of());
    commands.add(run.deploy());
    return Remediation.of(
        stack.status().name().equals("ROLLBACK_COMPLETE")
            ? "Delete the empty stack, then deploy again (cdk deploy replaces a ROLLBACK_COMPLETE stack itself)"
            : "Delete the stack with what was made of it, then deploy again",
        commands);
  }

  private Remediation continueRollback(StackOperation operation) {
    List<String> failed = failed(operation, "UPDATE_FAILED");
    List<String> commands = new ArrayList<>();
    commands.add(run.aws("cloudformation continue-update-rollback --stack-name " + name()));
    if (!failed.isEmpty()) {
      commands.add(
          run.aws(
              "cloudformation continue-update-rollback --stack-name "
                  + name()
                  + " --resources-to-skip "
                  + join(failed)));
    }
    commands.add(run.aws("cloudformation wait stack-rollback-complete --stack-name " + name()));
    return Remediation.of(
        "Mend what stops the rollback and go on with it; skip "
            + (failed.isEmpty() ? "resources" : String.join(", ", failed))
            + " only when that cannot be mended, for they are then taken as they are",
        commands);
  }

  private Remediation deleteAgain(StackOperation operation) {
    List<String> failed = failed(operation, "DELETE_FAILED");
    List<String> commands = deletion(List.of());
    if (!failed.isEmpty()) {
      commands.addAll(deletion(failed));
    }
    return Remediation.of(
        failed.isEmpty()
            ? "Remove what blocks it, then delete the stack again"
            : "Remove what blocks it and delete the stack again, or leave "
                + String.join(", ", failed)
                + " behind",
        commands);
  }

  /** Return the commands that delete the stack and wait for it. */
  List<String> deletion(List<String> retain) {
    List<String> commands = new ArrayList<>();
    if (stack.terminationProtection()) {
      commands.add(
          run.aws(
              "cloudformation update-termination-protection --no-enable-termination-protection --stack-name "
                  + name()));
    }
    commands.add(
        run.aws(
            "cloudformation delete-stack --stack-name "
                + name()
                + (retain.isEmpty() ? "" : " --retain-resources " + join(retain))));
    commands.add(run.aws("cloudformation wait stack-delete-complete --stack-name " + name()));
    return commands;
  }

  /** Return what ends an operation that hangs. */
  Remediation end(String first) {
    String status = stack.status().name();
    if (status.equals("UPDATE_IN_PROGRESS")) {
      return Remediation.of(
          first + "; if it still hangs, cancel the update, and CloudFormation rolls back",
          run.aws("cloudformation cancel-update-stack --stack-name " + name()));
    }
    if (status.equals("CREATE_IN_PROGRESS")) {
      return Remediation.of(
          first + "; if it still hangs, delete the stack and deploy again", deletion(List.of()));
    }
    return Remediation.of(
        first + "; what CloudFormation is doing now cannot be cancelled",
        run.aws("cloudformation describe-stack-events --stack-name " + name() + " --max-items 20"));
  }

  /** Return the ids of the resources that failed, nested ones as CloudFormation wants them. */
  private List<String> failed(StackOperation operation, String status) {
    return operation.resources().stream()
        .filter(one -> one.status().equals(status))
        .filter(
            one ->
                operation.resources().stream()
                    .noneMatch(
                        in -> in.stackId().equals(one.physicalId()) && in.status().equals(status)))
        .map(this::idOf)
        .distinct()
        .toList();
  }

  private String idOf(ResourceRun one) {
    return one.stackId().equals(stack.id())
        ? one.logicalId()
        : one.stackName() + "." + one.logicalId();
  }

  private String name() {
    return Shell.quote(stack.name());
  }

  private static String join(List<String> ids) {
    return String.join(" ", ids.stream().map(Shell::quote).toList());
  }
}
