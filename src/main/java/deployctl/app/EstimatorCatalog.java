package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.estimator.BacktestCommand;
import deployctl.estimator.EstimateCommand;
import deployctl.estimator.EstimatorContext;
import deployctl.estimator.HistoryCommand;
import deployctl.estimator.HistoryCommand.HistoryAction;
import deployctl.estimator.TimelineCommand;
import java.util.List;

/** The commands under {@code estimator}. */
final class EstimatorCatalog {
  private EstimatorCatalog() {}

  static CommandNode group(Wiring wiring) {
    return new CommandNode.Group(
        "estimator",
        "How long a deployment takes, learned from those that were.",
        List.of(
            "deployctl estimator collect CourtCaseManagementStack",
            "deployctl estimator estimate \"$ID\"",
            "deployctl estimator timeline --html timeline.html"),
        () -> commands(wiring.estimating()));
  }

  private static List<CommandNode> commands(EstimatorContext context) {
    return List.of(
        leaf(
            "collect",
            "Learn from the past operations that CloudFormation remembers.",
            () -> new HistoryCommand(context, HistoryAction.COLLECT)),
        leaf(
            "estimate",
            "Say how long a deployment still takes, or would take now.",
            () -> new EstimateCommand(context)),
        leaf(
            "update",
            "Record how long a deployment took.",
            () -> new HistoryCommand(context, HistoryAction.UPDATE)),
        leaf("show", "Show what is known.", () -> new HistoryCommand(context, HistoryAction.SHOW)),
        leaf(
            "set",
            "Set what a type of resource usually takes.",
            () -> new HistoryCommand(context, HistoryAction.SET)),
        leaf("reset", "Forget everything.", () -> new HistoryCommand(context, HistoryAction.RESET)),
        leaf(
            "backtest",
            "Show how wrong past estimates would have been.",
            () -> new BacktestCommand(context)),
        leaf(
            "timeline",
            "Show what ran when, and what decided the total.",
            () -> new TimelineCommand(context)));
  }
}
