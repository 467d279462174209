package deployctl.coordinator;

import deployctl.aws.client.AwsFailure;
import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.GateDecision;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.json.JsonObject;
import deployctl.target.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator get-active}: the deployment that holds the place. */
public final class GetActiveCommand implements Command {
  private final CoordinatorContext context;
  private @Nullable String environment;

  /** Make the command. */
  public GetActiveCommand(CoordinatorContext context) {
    this.context = context;
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
    String wanted = context.targets().environmentOrAny(environment);
    List<Deployment> active;
    try {
      String stack = wanted == null ? null : context.targets().knownStack(wanted);
      active = context.coordinator().get().active(wanted, stack);
    } catch (RegistryUnavailable e) {
      return askCloudFormation(wanted);
    }
    if (active.isEmpty()) {
      String hint = context.targets().hintOn(wanted);
      if (hint != null) {
        context.console().note(hint);
      }
      context
          .console()
          .result(
              new JsonObject(),
              () -> "no active deployment" + (wanted == null ? "" : " in " + wanted));
      return ExitCode.NO;
    }
    Deployment entry = active.get(0);
    context
        .console()
        .result(entry.toJson(), () -> DeploymentView.details(entry, context.time().now()));
    if (active.size() > 1) {
      context
          .console()
          .note((active.size() - 1) + " more active: 'deployctl coordinator list' shows them all");
    }
    if (entry.leaseExpired(context.time().now())) {
      context
          .console()
          .note(
              "Its lease has run out: 'deployctl coordinator can-deploy' tells whether it still blocks");
    }
    return ExitCode.OK;
  }

  private ExitCode askCloudFormation(@Nullable String wanted) {
    // Each verdict reads the registry once more, and the first so says the fallback warning.
    List<Target> targets =
        wanted == null
            ? context.targets().allTargets()
            : List.of(context.targets().find(wanted, null));
    GateDecisionView view = context.verdicts();
    GateDecision unknown = null;
    for (Target target : targets) {
      GateDecision verdict = context.coordinator().get().canDeploy(target, true);
      Object found = view.json(verdict).get("active_deployment");
      if (found != null) {
        context.console().result(found, () -> view.sentence(verdict));
        return ExitCode.OK;
      }
      unknown = verdict.failure() == null ? unknown : verdict;
    }
    if (unknown == null || unknown.failure() == null) {
      context.console().result(new JsonObject(), () -> "no active deployment");
      return ExitCode.NO;
    }
    return cannotTell(view, unknown, unknown.failure());
  }

  private ExitCode cannotTell(GateDecisionView view, GateDecision verdict, AwsFailure failure) {
    // An empty document would say that nothing is active, which is not known.
    context
        .console()
        .result(
            new JsonObject().put("error", failure.what()).put("next_step", failure.nextStep()),
            () -> "unknown: " + view.sentence(verdict));
    context.console().error(failure);
    return ExitCode.UNKNOWN;
  }
}
