package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.GateAllowances;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.ThrowawayRunner;
import deployctl.coordinator.view.GateDecisionReport;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator can-deploy}: may a deployment start now? */
public final class CanDeployCommand implements Command {
  private final Targets targets;
  private final Supplier<Coordinator> coordinator;
  private final ThrowawayRunner runner;
  private final GateDecisionReport report;
  private @Nullable String environment;
  private @Nullable String stack;
  private boolean allowCleanup;
  private boolean newStack;

  /** Make the command. */
  public CanDeployCommand(
      Targets targets,
      Supplier<Coordinator> coordinator,
      ThrowawayRunner runner,
      GateDecisionReport report) {
    this.runner = runner;
    this.targets = targets;
    this.coordinator = coordinator;
    this.report = report;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec,
        "environment",
        "Environment to deploy to (default: production).",
        v -> environment = v);
    Args.optional(spec, "stack", "Its stack, where it is not the configured one.", v -> stack = v);
    Args.flag(
        spec,
        "--allow-cleanup",
        "Say yes to a stack that needs cleaning up: CDK replaces one in ROLLBACK_COMPLETE itself.",
        v -> allowCleanup = v);
    Args.flag(
        spec,
        "--new-stack",
        "Make the stack here although it is known in another region or account.",
        v -> newStack = v);
    Args.examples(
        spec,
        "deployctl coordinator can-deploy production",
        "deployctl coordinator can-deploy staging -o json | jq -r .reason",
        "deployctl coordinator can-deploy production && cdk deploy",
        "",
        "Exit code 0 is yes. 1: the stack must be cleaned up first. 2: another deployment is active.",
        "5: AWS could not tell, which is never a yes.");
  }

  @Override
  public ExitCode run() {
    Target target = targets.find(environment, stack);
    runner.warn();
    GateDecision decision =
        coordinator.get().canDeploy(target, GateAllowances.of(allowCleanup, newStack));
    report.show(decision, decision.blocker() == null ? coordinator.get().missingRegistry() : null);
    return decision.exitCode();
  }
}
