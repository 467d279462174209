package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.json.JsonObject;
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
      return askCloudFormation();
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
    context.console().result(entry.toJson(), () -> EntryView.details(entry, context.time().now()));
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

  private ExitCode askCloudFormation() {
    // The verdict reads the registry once more, and so says the fallback warning.
    Target target = context.targets().find(environment, null);
    Verdict verdict = context.coordinator().get().canDeploy(target, true);
    VerdictView view = context.verdicts();
    if (verdict.failure() != null) {
      // An empty document would say that nothing is active, which is not known.
      context
          .console()
          .result(
              new JsonObject()
                  .put("error", verdict.failure().what())
                  .put("next_step", verdict.failure().nextStep()),
              () -> "unknown: " + view.sentence(verdict));
      context.console().error(verdict.failure());
      return ExitCode.UNKNOWN;
    }
    Object found = view.json(verdict).get("active_deployment");
    context
        .console()
        .result(
            found == null ? new JsonObject() : found,
            () -> found == null ? "no active deployment" : view.sentence(verdict));
    return found == null ? ExitCode.NO : ExitCode.OK;
  }
}
