package deployctl.recovery;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.monitor.MonitorOptions;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.MonitorStatusView;
import deployctl.monitor.WatchArguments;
import deployctl.monitor.WatchRequests;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.time.Time;
import picocli.CommandLine.Model.CommandSpec;

/** {@code recovery start}: look after a monitor in the background. */
public final class RecoveryStartCommand implements Command {
  private final MonitorProcesses processes;
  private final WatchRequests requests;
  private final Settings settings;
  private final Console console;
  private final Time time;
  private final WatchArguments arguments = new WatchArguments();
  private final MonitorOptions options = new MonitorOptions();

  /** Make the command. */
  public RecoveryStartCommand(
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
    Args.examples(spec, "deployctl recovery start \"$ID\" CourtCaseManagementStack");
  }

  @Override
  public ExitCode run() {
    WatchRequest request = arguments.request(requests);
    options.settings(settings);
    boolean runs =
        processes.find(request.correlationId()).map(MonitorState::recoveryRunning).orElse(false);
    if (runs) {
      console.note(request.correlationId() + " is looked after already");
    } else {
      MonitorProcesses.Started started = processes.startRecovery(request, options.argv());
      if (!started.running() && started.exit() != 0) {
        throw new Failure(
            Failure.FailureKind.FAILED,
            "The recovery ended at once"
                + (started.complaint().isEmpty() ? "" : ": " + started.complaint()),
            "Run 'deployctl recovery run " + request.correlationId() + "' to see why");
      }
    }
    MonitorState shown =
        processes
            .find(request.correlationId())
            .orElseGet(() -> MonitorState.empty(request.correlationId()));
    console.result(MonitorStatusView.json(shown), () -> MonitorStatusView.text(shown, time));
    return ExitCode.OK;
  }
}
