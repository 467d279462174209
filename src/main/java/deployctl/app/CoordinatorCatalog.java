package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.coordinator.AcquireCommand;
import deployctl.coordinator.CanDeployCommand;
import deployctl.coordinator.CleanupCommand;
import deployctl.coordinator.CoordinatorContext;
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
    CoordinatorContext context = wiring.coordinator();
    return List.of(
        new CommandNode.Leaf(
            "can-deploy",
            List.of("can_deploy"),
            "Tell whether a deployment may start now.",
            () -> new CanDeployCommand(context)),
        leaf(
            "register",
            "Check and register a deployment in one step.",
            () -> new RegisterCommand(context)),
        leaf(
            "acquire",
            "Take a place in the queue, wait for the turn, register.",
            () -> new AcquireCommand(context)),
        leaf(
            "run",
            "Do a whole deployment around a command.",
            () -> new RunCommand(wiring.running())),
        leaf(
            "last-good",
            "Show the last good deployment, and how to go back to it.",
            () -> new LastGoodCommand(wiring.running())),
        leaf(
            "history",
            "Show past deployments, with how long they took.",
            () -> new PastDeploymentsCommand(wiring.running())),
        leaf("wait", "Wait until nothing is active.", () -> new WaitCommand(context)),
        leaf(
            "release",
            "Finish a deployment and keep its entry.",
            () -> new ReleaseCommand(context)),
        leaf("cleanup", "Remove an entry from the registry.", () -> new CleanupCommand(context)),
        new CommandNode.Leaf(
            "get-active",
            List.of("get_active"),
            "Show the deployment that holds the place.",
            () -> new GetActiveCommand(context)),
        leaf(
            "list",
            "Show what waits and what is in progress, or everything.",
            () -> new ListCommand(context)),
        leaf("queue", "Show who waits, in order.", () -> new LockQueueCommand(context)),
        leaf(
            "prune",
            "Forget deployments that were over long ago.",
            () -> new PruneCommand(context)),
        leaf("init", "Make the registry.", () -> new InitCommand(context)),
        leaf(
            "repair",
            "Rebuild a damaged registry; register what CloudFormation shows active.",
            () -> new RepairCommand(context)));
  }
}
