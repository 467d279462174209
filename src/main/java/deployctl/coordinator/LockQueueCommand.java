package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.LockRules;
import deployctl.registry.Deployment;
import deployctl.support.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator queue}: who waits, in order. */
public final class LockQueueCommand implements Command {
  private final CoordinatorContext context;
  private @Nullable String environment;

  /** Make the command. */
  public LockQueueCommand(CoordinatorContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec, "environment", "Only of this environment (default: all).", v -> environment = v);
    Args.examples(
        spec,
        "deployctl coordinator queue",
        "deployctl coordinator queue production -o json | jq length",
        "",
        "A ticket whose owner has died or was not heard of for two minutes is skipped when its turn comes.");
  }

  @Override
  public ExitCode run() {
    Instant now = context.time().now();
    String wanted = context.targets().environmentOrAny(environment);
    List<Deployment> tickets = context.coordinator().get().queue(wanted);
    String hint = tickets.isEmpty() ? context.targets().hintOn(wanted) : null;
    if (hint != null) {
      context.console().note(hint);
    }
    List<JsonObject> array = new ArrayList<>();
    for (Deployment ticket : tickets) {
      array.add(
          ticket
              .toJson()
              .copy()
              .put("position", array.size() + 1)
              .put("abandoned", LockRules.abandoned(ticket, now)));
    }
    context.console().result(array, () -> DeploymentView.table(tickets, now, "nobody is waiting"));
    return ExitCode.OK;
  }
}
