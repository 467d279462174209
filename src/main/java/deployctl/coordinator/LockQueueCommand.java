package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.view.DeploymentView;
import deployctl.registry.Deployment;
import deployctl.registry.Deployments;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.target.Targets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator queue}: who waits, in order. */
public final class LockQueueCommand implements Command {
  private final Time time;
  private final Targets targets;
  private final Supplier<Deployments> deployments;
  private final Console console;
  private @Nullable String environment;

  /** Make the command. */
  public LockQueueCommand(
      Time time, Targets targets, Supplier<Deployments> deployments, Console console) {
    this.time = time;
    this.targets = targets;
    this.deployments = deployments;
    this.console = console;
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
    Instant now = time.now();
    String wanted = targets.environmentOrAny(environment);
    List<Deployment> tickets = deployments.get().queue(wanted);
    String hint = tickets.isEmpty() ? targets.hintOn(wanted) : null;
    if (hint != null) {
      console.note(hint);
    }
    List<JsonObject> array = new ArrayList<>();
    for (Deployment ticket : tickets) {
      array.add(
          ticket
              .toJson()
              .copy()
              .put("position", array.size() + 1)
              .put("abandoned", ticket.abandoned(now)));
    }
    console.result(array, () -> DeploymentView.table(tickets, now, "nobody is waiting"));
    return ExitCode.OK;
  }
}
