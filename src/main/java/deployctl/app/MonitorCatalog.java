package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.monitor.MonitorContext;
import deployctl.monitor.MonitorLogsCommand;
import deployctl.monitor.MonitorRunCommand;
import deployctl.monitor.MonitorStartCommand;
import deployctl.monitor.MonitorStatusCommand;
import deployctl.monitor.MonitorStopCommand;
import deployctl.recovery.RecoveryContext;
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
        () -> monitorCommands(wiring.monitoring()));
  }

  private static List<CommandNode> monitorCommands(MonitorContext context) {
    return List.of(
        leaf(
            "run",
            "Watch a deployment in the foreground until it is over.",
            () -> new MonitorRunCommand(context)),
        leaf(
            "start",
            "Watch a deployment in the background, kept alive by a recovery.",
            () -> new MonitorStartCommand(context)),
        leaf(
            "status",
            "Show who watches, and what was last seen.",
            () -> new MonitorStatusCommand(context)),
        leaf("stop", "End monitor and recovery.", () -> MonitorStopCommand.monitor(context)),
        leaf(
            "logs",
            "Show the end of the monitor's log.",
            () -> MonitorLogsCommand.monitor(context, LOG)));
  }

  static CommandNode recovery(Wiring wiring) {
    return new CommandNode.Group(
        "recovery",
        "Keeps a monitor alive.",
        List.of(
            "deployctl recovery start \"$ID\" CourtCaseManagementStack", "deployctl recovery logs"),
        () -> recoveryCommands(wiring.recovering()));
  }

  private static List<CommandNode> recoveryCommands(RecoveryContext context) {
    return List.of(
        leaf(
            "run",
            "Look after a monitor until the deployment is over; --once for cron.",
            () -> new RecoveryRunCommand(context)),
        leaf(
            "start",
            "Look after a monitor in the background.",
            () -> new RecoveryStartCommand(context)),
        leaf(
            "status",
            "Show who watches, and what was last seen.",
            () -> new MonitorStatusCommand(context.monitor())),
        leaf("stop", "End the recovery.", () -> MonitorStopCommand.recovery(context.monitor())),
        leaf(
            "logs",
            "Show the end of the recovery's log.",
            () -> MonitorLogsCommand.recovery(context.monitor(), RecoveryContext.LOG)));
  }
}
