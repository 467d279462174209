package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.watch.MonitorOutcome;
import deployctl.monitor.watch.WatchRequest;
import deployctl.support.Failure;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code monitor start}: watch in the background, with a recovery that keeps the monitor alive. */
public final class MonitorStartCommand implements Command {
  private final MonitorContext context;
  private final WatchArguments arguments = new WatchArguments();
  private final MonitorOptions options = new MonitorOptions();
  private boolean noRecovery;

  /** Make the command. */
  public MonitorStartCommand(MonitorContext context) {
    this.context = context;
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
    WatchRequest watched = arguments.watched(context);
    // A wrong setting is said here, not in a process that nobody looks at.
    options.settings(context.settings());
    MonitorProcesses supervision = new MonitorProcesses(context);
    Optional<MonitorState> known = supervision.find(watched.correlationId());
    if (known.isEmpty() || !known.get().running()) {
      MonitorProcesses.Started started = supervision.startMonitor(watched, options.words());
      // One that had nothing left to watch has ended in good order already.
      if (!started.running() && !endedWell(supervision, watched)) {
        throw new Failure(
            Failure.FailureKind.FAILED,
            "The monitor ended at once"
                + (started.complaint().isEmpty() ? "" : ": " + started.complaint()),
            "Run 'deployctl monitor run " + watched.correlationId() + "' to see why");
      }
    } else {
      context.console().note(watched.correlationId() + " is being watched already");
    }
    MonitorState now =
        supervision.find(watched.correlationId()).orElseThrow(IllegalStateException::new);
    if (!noRecovery && now.running() && !now.recoveryRunning()) {
      MonitorProcesses.Started recovery = supervision.startRecovery(watched, options.words());
      if (!recovery.running() && recovery.exit() != 0) {
        context.console().warn("The recovery did not start: " + recovery.complaint());
      }
    }
    MonitorState shown = supervision.find(watched.correlationId()).orElse(now);
    context
        .console()
        .result(MonitorStatusView.json(shown), () -> MonitorStatusView.text(shown, context.time()));
    return ExitCode.OK;
  }

  private static boolean endedWell(MonitorProcesses supervision, WatchRequest watched) {
    return supervision
        .find(watched.correlationId())
        .map(state -> state.finished() && state.outcome() != MonitorOutcome.UNKNOWN)
        .orElse(false);
  }
}
