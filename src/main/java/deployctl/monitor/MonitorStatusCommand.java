package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.registry.CorrelationId;
import deployctl.support.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code monitor status} and {@code recovery status}: who watches, and what was last seen. */
public final class MonitorStatusCommand implements Command {
  private final MonitorContext context;
  private @Nullable String correlationId;

  /** Make the command. */
  public MonitorStatusCommand(MonitorContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec,
        "correlation_id",
        "Name of the deployment (default: what is watched now, else last).",
        v -> correlationId = v);
    Args.examples(
        spec,
        "deployctl monitor status",
        "deployctl monitor status \"$ID\" -o json | jq .running",
        "",
        "Exit code 1: nothing was ever watched under that name.");
  }

  @Override
  public ExitCode run() {
    String id = correlationId == null ? null : CorrelationId.check(correlationId);
    Optional<MonitorState> state = new MonitorProcesses(context).find(id);
    if (state.isEmpty()) {
      context
          .console()
          .result(
              new JsonObject()
                  .put("correlation_id", id)
                  .put("running", false)
                  .put("pid", null)
                  .put("heartbeat_at", null)
                  .put("last_event_at", null)
                  .put("restarts", 0)
                  .put("recovery", new JsonObject().put("running", false).put("pid", null)),
              () -> id == null ? "nothing is being watched" : id + " was never watched");
      return ExitCode.NO;
    }
    context
        .console()
        .result(
            MonitorStatusView.json(state.get()),
            () -> MonitorStatusView.text(state.get(), context.time()));
    return ExitCode.OK;
  }
}
