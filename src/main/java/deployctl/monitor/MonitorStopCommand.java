package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorRole;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.registry.CorrelationId;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code monitor stop} and {@code recovery stop}: end the processes, the recovery first, so that it
 * does not start again what is being ended.
 */
public final class MonitorStopCommand implements Command {
  private final MonitorProcesses processes;
  private final Supplier<MonitorStore> store;
  private final Console console;
  private final boolean monitorToo;
  private @Nullable String correlationId;

  private MonitorStopCommand(
      MonitorProcesses processes,
      Supplier<MonitorStore> store,
      Console console,
      boolean monitorToo) {
    this.processes = processes;
    this.store = store;
    this.console = console;
    this.monitorToo = monitorToo;
  }

  /** Make {@code monitor stop}. */
  public static MonitorStopCommand monitor(
      MonitorProcesses processes, Supplier<MonitorStore> store, Console console) {
    return new MonitorStopCommand(processes, store, console, true);
  }

  /** Make {@code recovery stop}. */
  public static MonitorStopCommand recovery(
      MonitorProcesses processes, Supplier<MonitorStore> store, Console console) {
    return new MonitorStopCommand(processes, store, console, false);
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

    String id = correlationId == null ? null : CorrelationId.check(correlationId);
    Optional<MonitorState> found = processes.find(id);
    List<String> stopped = new ArrayList<>();
    if (found.isPresent() && monitorToo) {
      stopped.addAll(processes.endWatching(found.get()));
    } else if (found.isPresent() && processes.end(MonitorRole.RECOVERY, found.get())) {
      stopped.add("recovery");
    }
    String name = found.map(MonitorState::correlationId).orElse(id);
    if (monitorToo && name != null && store.get().roleTaken(MonitorRole.MONITOR, name)) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "A monitor of " + name + " runs, and its state does not say which process it is",
          "It says so again with its next poll: try again in a moment");
    }
    console.result(
        new JsonObject()
            .put("correlation_id", found.map(MonitorState::correlationId).orElse(id))
            .put("stopped", stopped),
        () -> stopped.isEmpty() ? "nothing ran" : "stopped: " + String.join(", ", stopped));
    return ExitCode.OK;
  }
}
