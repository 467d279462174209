package deployctl.coordinator;

import deployctl.aws.client.AwsFailure;
import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.GateAllowances;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.view.DeploymentView;
import deployctl.coordinator.view.GateDecisionView;
import deployctl.registry.Deployment;
import deployctl.registry.Deployments;
import deployctl.registry.HoldState;
import deployctl.state.StateUnavailable;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator get-active}: the deployment that holds the lock. */
public final class GetActiveCommand implements Command {
  private final Targets targets;
  private final Supplier<Deployments> deployments;
  private final Console console;
  private final Time time;
  private final Supplier<GateDecisionView> views;
  private final Supplier<Coordinator> coordinator;
  private @Nullable String environment;

  /** Make the command. */
  public GetActiveCommand(
      Targets targets,
      Supplier<Deployments> deployments,
      Console console,
      Time time,
      Supplier<GateDecisionView> views,
      Supplier<Coordinator> coordinator) {
    this.targets = targets;
    this.deployments = deployments;
    this.console = console;
    this.time = time;
    this.views = views;
    this.coordinator = coordinator;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec, "environment", "Only of this environment (default: any).", v -> environment = v);
    Args.examples(
        spec,
        "deployctl coordinator get-active",
        "deployctl coordinator get-active production -o json | jq -r .correlation_id",
        "",
        "Exit code 1: nothing is active. AWS is not asked, unless the registry is unavailable.");
  }

  @Override
  public ExitCode run() {
    String wanted = targets.environmentOrAny(environment);
    List<Deployment> active;
    try {
      String stack = wanted == null ? null : targets.knownStack(wanted);
      active = deployments.get().active(wanted, stack);
    } catch (StateUnavailable e) {
      return askCloudFormation(wanted);
    }
    if (active.isEmpty()) {
      if (deployments.get().missing()) {
        console.note(deployments.get().missingSentence());
      }
      String hint = targets.hintOn(wanted);
      if (hint != null) {
        console.note(hint);
      }
      console.result(
          new JsonObject(), () -> "no active deployment" + (wanted == null ? "" : " in " + wanted));
      return ExitCode.NO;
    }
    Deployment entry = active.get(0);
    console.result(entry.toJson(), () -> DeploymentView.details(entry, time.now()));
    if (active.size() > 1) {
      console.note(
          (active.size() - 1) + " more active: 'deployctl coordinator list' shows them all");
    }
    HoldState hold = entry.hold(time.now());
    if (hold.freeable()) {
      console.note(
          entry.correlationId()
              + " may be stale, "
              + hold.describe(entry)
              + ": 'deployctl coordinator can-deploy' tells whether it still blocks");
    }
    return ExitCode.OK;
  }

  private ExitCode askCloudFormation(@Nullable String wanted) {
    // Each decision reads the registry once more, and the first so says the fallback warning.
    List<Target> asked =
        wanted == null ? targets.allTargets() : List.of(targets.find(wanted, null));
    GateDecisionView view = views.get();
    GateDecision unknown = null;
    for (Target target : asked) {
      GateDecision decision = coordinator.get().canDeploy(target, GateAllowances.ALL);
      Object found = view.json(decision).get("active_deployment");
      if (found != null) {
        console.result(found, () -> view.sentence(decision));
        return ExitCode.OK;
      }
      unknown = decision.failure() == null ? unknown : decision;
    }
    if (unknown == null || unknown.failure() == null) {
      console.result(new JsonObject(), () -> "no active deployment");
      return ExitCode.NO;
    }
    return cannotTell(view, unknown, unknown.failure());
  }

  private ExitCode cannotTell(GateDecisionView view, GateDecision decision, AwsFailure failure) {
    // An empty document would say that nothing is active, which is not known.
    console.result(
        new JsonObject().put("error", failure.what()).put("next_step", failure.nextStep()),
        () -> "unknown: " + view.sentence(decision));
    console.error(failure);
    return ExitCode.UNKNOWN;
  }
}
