package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.registry.CorrelationId;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code monitor stop} and {@code recovery stop}: end the processes, the recovery first, so that it
 * does not start again what is being ended.
 */
public final class MonitorStopCommand implements Command {
  private final MonitorContext context;
  private final boolean monitorToo;
  private @Nullable String correlationId;

  private MonitorStopCommand(MonitorContext context, boolean monitorToo) {
    this.context = context;
    this.monitorToo = monitorToo;
  }

  /** Make {@code monitor stop}. */
  public static MonitorStopCommand monitor(MonitorContext context) {
    return new MonitorStopCommand(context, true);
  }

  /** Make {@code recovery stop}. */
  public static MonitorStopCommand recovery(MonitorContext context) {
    return new MonitorStopCommand(context, false);
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec,
        "correlation_id",
        "Name of the deployment (default: what is watched now).",
        v -> correlationId = v);
    Args.examples(spec, "deployctl " + (monitorToo ? "monitor" : "recovery") + " stop \"$ID\"");
  }

  @Override
  public ExitCode run() {
    MonitorProcesses supervision = new MonitorProcesses(context);
    String id = correlationId == null ? null : CorrelationId.check(correlationId);
    Optional<MonitorState> found = supervision.find(id);
    List<String> stopped = new ArrayList<>();
    if (found.isPresent() && monitorToo) {
      stopped.addAll(supervision.endWatching(found.get()));
    } else if (found.isPresent() && supervision.end(found.get().recoveryProcess())) {
      stopped.add("recovery");
    }
    String name = found.map(MonitorState::correlationId).orElse(id);
    if (monitorToo && name != null && context.store().get().roleTaken(MonitorRunner.ROLE, name)) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "A monitor of " + name + " runs, and its state does not say which process it is",
          "It says so again with its next poll: try again in a moment");
    }
    context
        .console()
        .result(
            new JsonObject()
                .put("correlation_id", found.map(MonitorState::correlationId).orElse(id))
                .put("stopped", stopped),
            () -> stopped.isEmpty() ? "nothing ran" : "stopped: " + String.join(", ", stopped));
    return ExitCode.OK;
  }
}
