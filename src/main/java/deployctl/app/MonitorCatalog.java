package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.monitor.MonitorLogsCommand;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.MonitorRunCommand;
import deployctl.monitor.MonitorStartCommand;
import deployctl.monitor.MonitorStatusCommand;
import deployctl.monitor.MonitorStopCommand;
import deployctl.recovery.RecoveryRunCommand;
import deployctl.recovery.RecoveryStartCommand;
import java.util.List;

/** The commands under {@code monitor} and {@code recovery}. */
final class MonitorCatalog {
  private static final String LOG = "deployment-monitor.log";

  private MonitorCatalog() {}

  static CommandNode monitor(Wiring wiring) {
    return new CommandNode.Group(
        "monitor",
        "What a deployment is doing.",
        List.of(
            "deployctl monitor run \"$ID\" CourtCaseManagementStack",
            "deployctl monitor start \"$ID\"",
            "deployctl monitor logs \"$ID\" -f"),
        () -> monitorCommands(wiring));
  }

  private static List<CommandNode> monitorCommands(Wiring wiring) {
    MonitorProcesses processes = wiring.monitorProcesses();
    return List.of(
        leaf(
            "run",
            "Watch a deployment in the foreground until it is over.",
            () ->
                new MonitorRunCommand(
                    wiring.monitorRunner(), wiring.watchRequests(), wiring.settings)),
        leaf(
            "start",
            "Watch a deployment in the background, kept alive by a recovery.",
            () ->
                new MonitorStartCommand(
                    processes,
                    wiring.watchRequests(),
                    wiring.settings,
                    wiring.console,
                    wiring.time)),
        leaf(
            "status",
            "Show who watches, and what was last seen.",
            () -> new MonitorStatusCommand(processes, wiring.console, wiring.time)),
        leaf(
            "stop",
            "End monitor and recovery.",
            () -> MonitorStopCommand.monitor(processes, wiring.state.monitors, wiring.console)),
        leaf(
            "logs",
            "Show the end of the monitor's log.",
            () ->
                MonitorLogsCommand.monitor(
                    processes, wiring.console, wiring.platform.shutdown(), wiring.time, LOG)));
  }

  static CommandNode recovery(Wiring wiring) {
    return new CommandNode.Group(
        "recovery",
        "Keeps a monitor alive.",
        List.of(
            "deployctl recovery start \"$ID\" CourtCaseManagementStack", "deployctl recovery logs"),
        () -> recoveryCommands(wiring));
  }

  private static List<CommandNode> recoveryCommands(Wiring wiring) {
    MonitorProcesses processes = wiring.monitorProcesses();
    return List.of(
        leaf(
            "run",
            "Look after a monitor until the deployment is over; --once for cron.",
            () ->
                new RecoveryRunCommand(
                    wiring.watchRequests(),
                    wiring.settings,
                    wiring.state.monitors,
                    wiring.stacks,
                    processes,
                    wiring.notifier,
                    wiring.console,
                    wiring.platform.shutdown(),
                    wiring.time)),
        leaf(
            "start",
            "Look after a monitor in the background.",
            () ->
                new RecoveryStartCommand(
                    processes,
                    wiring.watchRequests(),
                    wiring.settings,
                    wiring.console,
                    wiring.time)),
        leaf(
            "status",
            "Show who watches, and what was last seen.",
            () -> new MonitorStatusCommand(processes, wiring.console, wiring.time)),
        leaf(
            "stop",
            "End the recovery.",
            () -> MonitorStopCommand.recovery(processes, wiring.state.monitors, wiring.console)),
        leaf(
            "logs",
            "Show the end of the recovery's log.",
            () ->
                MonitorLogsCommand.recovery(
                    processes,
                    wiring.console,
                    wiring.platform.shutdown(),
                    wiring.time,
                    RecoveryRunCommand.LOG)));
  }
}
