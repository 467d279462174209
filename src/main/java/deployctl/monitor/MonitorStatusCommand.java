package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.registry.CorrelationId;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code monitor status} and {@code recovery status}: who watches, and what was last seen. */
public final class MonitorStatusCommand implements Command {
  private final MonitorProcesses processes;
  private final Console console;
  private final Time time;
  private @Nullable String correlationId;

  /** Make the command. */
  public MonitorStatusCommand(MonitorProcesses processes, Console console, Time time) {
    this.processes = processes;
    this.console = console;
    this.time = time;
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
    Optional<MonitorState> state = processes.find(id);
    if (state.isEmpty()) {
      processes.checkReadable(id);
      console.result(
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
    console.result(
        MonitorStatusView.json(state.get()), () -> MonitorStatusView.text(state.get(), time));
    return ExitCode.OK;
  }
}
