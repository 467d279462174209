package deployctl.recovery;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.monitor.MonitorContext;
import deployctl.monitor.MonitorOptions;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.MonitorStatusView;
import deployctl.monitor.WatchArguments;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.watch.WatchRequest;
import deployctl.support.Failure;
import picocli.CommandLine.Model.CommandSpec;

/** {@code recovery start}: look after a monitor in the background. */
public final class RecoveryStartCommand implements Command {
  private final MonitorContext context;
  private final WatchArguments arguments = new WatchArguments();
  private final MonitorOptions options = new MonitorOptions();

  /** Make the command. */
  public RecoveryStartCommand(RecoveryContext context) {
    this.context = context.monitor();
  }

  @Override
  public void declare(CommandSpec spec) {
    arguments.declare(spec);
    options.declare(spec);
    Args.examples(spec, "deployctl recovery start \"$ID\" CourtCaseManagementStack");
  }

  @Override
  public ExitCode run() {
    WatchRequest watched = arguments.watched(context);
    options.settings(context.settings());
    MonitorProcesses supervision = new MonitorProcesses(context);
    boolean runs =
        supervision.find(watched.correlationId()).map(MonitorState::recoveryRunning).orElse(false);
    if (runs) {
      context.console().note(watched.correlationId() + " is looked after already");
    } else {
      MonitorProcesses.Started started = supervision.startRecovery(watched, options.words());
      if (!started.running() && started.exit() != 0) {
        throw new Failure(
            Failure.FailureKind.FAILED,
            "The recovery ended at once"
                + (started.complaint().isEmpty() ? "" : ": " + started.complaint()),
            "Run 'deployctl recovery run " + watched.correlationId() + "' to see why");
      }
    }
    MonitorState shown =
        supervision
            .find(watched.correlationId())
            .orElseGet(() -> MonitorState.empty(watched.correlationId()));
    context
        .console()
        .result(MonitorStatusView.json(shown), () -> MonitorStatusView.text(shown, context.time()));
    return ExitCode.OK;
  }
}
