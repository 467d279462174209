package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.estimator.BacktestCommand;
import deployctl.estimator.CollectCommand;
import deployctl.estimator.EstimateCommand;
import deployctl.estimator.ResetHistoryCommand;
import deployctl.estimator.SetCommand;
import deployctl.estimator.ShowCommand;
import deployctl.estimator.TimelineCommand;
import deployctl.estimator.UpdateCommand;
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
        () -> commands(wiring));
  }

  private static List<CommandNode> commands(Wiring wiring) {
    StateParts state = wiring.state;
    return List.of(
        leaf(
            "collect",
            "Learn from the past operations that CloudFormation remembers.",
            () -> collect(wiring)),
        leaf(
            "estimate",
            "Say how long a deployment still takes, or would take now.",
            () ->
                new EstimateCommand(
                    wiring.targets(),
                    state.history,
                    wiring.time,
                    wiring.stacks,
                    wiring.console,
                    state.registry)),
        leaf(
            "update",
            "Record how long a deployment took.",
            () ->
                new UpdateCommand(
                    wiring.targets(),
                    state.history,
                    state.registry,
                    state.journal,
                    wiring.console,
                    wiring.time)),
        leaf("show", "Show what is known.", () -> new ShowCommand(state.history, wiring.console)),
        leaf(
            "set",
            "Set what a type of resource usually takes.",
            () -> new SetCommand(state.history, state.journal, wiring.console)),
        leaf(
            "reset",
            "Forget everything.",
            () ->
                new ResetHistoryCommand(
                    collect(wiring),
                    wiring.targets(),
                    state.history,
                    state.journal,
                    wiring.console)),
        leaf(
            "backtest",
            "Show how wrong past estimates would have been.",
            () -> new BacktestCommand(wiring.targets(), state.history, wiring.console)),
        leaf(
            "timeline",
            "Show what ran when, and what decided the total.",
            () ->
                new TimelineCommand(
                    wiring.targets(), state.history, wiring.console, wiring.stacks)));
  }

  private static CollectCommand collect(Wiring wiring) {
    StateParts state = wiring.state;
    return new CollectCommand(
        wiring.targets(),
        wiring.stacks,
        state.history,
        state.registry,
        state.journal,
        wiring.console,
        wiring.time);
  }
}
