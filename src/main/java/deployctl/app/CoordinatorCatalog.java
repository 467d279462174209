package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.cli.Console;
import deployctl.coordinator.AcquireCommand;
import deployctl.coordinator.CanDeployCommand;
import deployctl.coordinator.CleanupCommand;
import deployctl.coordinator.DeploymentLog;
import deployctl.coordinator.GetActiveCommand;
import deployctl.coordinator.InitCommand;
import deployctl.coordinator.LastGoodCommand;
import deployctl.coordinator.ListCommand;
import deployctl.coordinator.LockQueueCommand;
import deployctl.coordinator.PastDeploymentsCommand;
import deployctl.coordinator.PruneCommand;
import deployctl.coordinator.RegisterCommand;
import deployctl.coordinator.ReleaseCommand;
import deployctl.coordinator.RepairCommand;
import deployctl.coordinator.WaitCommand;
import deployctl.run.RunCommand;
import java.util.List;

/** The commands under {@code coordinator}. */
final class CoordinatorCatalog {
  private CoordinatorCatalog() {}

  static CommandNode group(Wiring wiring) {
    return new CommandNode.Group(
        "coordinator",
        "Who may deploy, and in which order.",
        List.of(
            "deployctl coordinator can-deploy production",
            "deployctl coordinator acquire production --wait 30m",
            "deployctl coordinator get-active"),
        () -> commands(wiring));
  }

  private static List<CommandNode> commands(Wiring wiring) {
    CoordinatorParts parts = wiring.coordinating;
    StateParts state = wiring.state;
    Console console = wiring.console;
    DeploymentLog log = new DeploymentLog(state.deployments, state.history, console);
    return List.of(
        new CommandNode.Leaf(
            "can-deploy",
            List.of("can_deploy"),
            "Tell whether a deployment may start now.",
            () ->
                new CanDeployCommand(
                    wiring.targets(), parts.coordinator, parts.runner(), parts.decisions())),
        leaf(
            "register",
            "Check and register a deployment in one step.",
            () ->
                new RegisterCommand(
                    parts::defaultLease,
                    wiring.targets(),
                    wiring.platform.random(),
                    parts.coordinator,
                    parts.runner(),
                    parts.acquired())),
        leaf(
            "acquire",
            "Take a ticket in the queue, wait for the turn, register.",
            () ->
                new AcquireCommand(
                    wiring.targets(),
                    parts.requests(),
                    parts::defaultLease,
                    wiring.platform.shutdown(),
                    console,
                    parts.coordinator,
                    parts.acquisition(wiring.notifier),
                    parts.acquired(),
                    wiring.time)),
        leaf(
            "run",
            "Do a whole deployment around a command.",
            () ->
                new RunCommand(
                    wiring.deploymentRuns(),
                    parts.acquisition(wiring.notifier),
                    wiring.diagnosisReport(),
                    parts.requests(),
                    wiring.targets(),
                    wiring.settings,
                    wiring.platform.env(),
                    wiring.platform.shutdown(),
                    console)),
        leaf(
            "last-good",
            "Show the last good deployment, and how to go back to it.",
            () -> new LastGoodCommand(log, wiring.targets(), console, wiring.settings)),
        leaf(
            "history",
            "Show past deployments, with how long they took.",
            () -> new PastDeploymentsCommand(log, wiring.targets(), console)),
        leaf(
            "wait",
            "Wait until nothing is active.",
            () ->
                new WaitCommand(
                    wiring.targets(), parts.lockQueue, console, parts.views, parts.decisions())),
        leaf(
            "release",
            "Finish a deployment and keep its entry.",
            () -> new ReleaseCommand(parts.coordinator, console, wiring.time)),
        leaf(
            "cleanup",
            "Remove an entry from the registry.",
            () -> new CleanupCommand(state.deployments, console)),
        new CommandNode.Leaf(
            "get-active",
            List.of("get_active"),
            "Show the deployment that holds the lock.",
            () ->
                new GetActiveCommand(
                    wiring.targets(),
                    state.deployments,
                    console,
                    wiring.time,
                    parts.views,
                    parts.coordinator)),
        leaf(
            "list",
            "Show what waits and what is in progress, or everything.",
            () -> new ListCommand(state.deployments, wiring.targets(), console, wiring.time)),
        leaf(
            "queue",
            "Show who waits, in order.",
            () -> new LockQueueCommand(wiring.time, wiring.targets(), state.deployments, console)),
        leaf(
            "prune",
            "Forget deployments that were over long ago.",
            () -> new PruneCommand(state.deployments, console, wiring.time)),
        leaf("init", "Make the registry.", () -> new InitCommand(state.repair, console)),
        leaf(
            "repair",
            "Rebuild a damaged registry; register what CloudFormation shows active.",
            () -> new RepairCommand(parts.fullRepair(), wiring.targets(), console)));
  }
}
