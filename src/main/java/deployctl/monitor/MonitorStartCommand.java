package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.time.Time;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code monitor start}: watch in the background, with a recovery that keeps the monitor alive. */
public final class MonitorStartCommand implements Command {
  private final MonitorProcesses processes;
  private final WatchRequests requests;
  private final Settings settings;
  private final Console console;
  private final Time time;
  private final WatchArguments arguments = new WatchArguments();
  private final MonitorOptions options = new MonitorOptions();
  private boolean noRecovery;

  /** Make the command. */
  public MonitorStartCommand(
      MonitorProcesses processes,
      WatchRequests requests,
      Settings settings,
      Console console,
      Time time) {
    this.processes = processes;
    this.requests = requests;
    this.settings = settings;
    this.console = console;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    arguments.declare(spec);
    options.declare(spec);
    Args.flag(spec, "--no-recovery", "Start no recovery beside it.", v -> noRecovery = v);
    Args.examples(
        spec,
        "deployctl monitor start \"$ID\" CourtCaseManagementStack",
        "",
        "It survives the terminal. 'monitor status' shows it, 'monitor stop' ends it.");
  }

  @Override
  public ExitCode run() {
    WatchRequest request = arguments.request(requests);
    // A wrong setting is said here, not in a process that nobody looks at.
    options.settings(settings);

    Optional<MonitorState> known = processes.find(request.correlationId());
    if (known.isEmpty() || !known.get().running()) {
      MonitorProcesses.Started started = processes.startMonitor(request, options.argv());
      // One that had nothing left to watch has ended in good order already.
      if (!started.running() && !endedWell(request)) {
        throw new Failure(
            Failure.FailureKind.FAILED,
            "The monitor ended at once"
                + (started.complaint().isEmpty() ? "" : ": " + started.complaint()),
            "Run 'deployctl monitor run " + request.correlationId() + "' to see why");
      }
    } else {
      console.note(request.correlationId() + " is being watched already");
    }
    MonitorState now =
        processes.find(request.correlationId()).orElseThrow(IllegalStateException::new);
    if (!noRecovery && now.running() && !now.recoveryRunning()) {
      MonitorProcesses.Started recovery = processes.startRecovery(request, options.argv());
      if (!recovery.running() && recovery.exit() != 0) {
        console.warn("The recovery did not start: " + recovery.complaint());
      }
    }
    MonitorState shown = processes.find(request.correlationId()).orElse(now);
    console.result(MonitorStatusView.json(shown), () -> MonitorStatusView.text(shown, time));
    return ExitCode.OK;
  }

  private boolean endedWell(WatchRequest request) {
    return processes
        .find(request.correlationId())
        .map(state -> state.finished() && state.outcome() != MonitorOutcome.UNKNOWN)
        .orElse(false);
  }
}
