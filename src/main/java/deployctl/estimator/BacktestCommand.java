package deployctl.estimator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.HistoryFile;
import deployctl.support.json.JsonObject;
import deployctl.target.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator backtest}: how wrong past estimates would have been. */
public final class BacktestCommand implements Command {
  private static final int BAR = 30;

  private final Targets targets;
  private final Supplier<HistoryFile> history;
  private final Console console;
  private @Nullable String stack;

  /** Make the command. */
  public BacktestCommand(Targets targets, Supplier<HistoryFile> history, Console console) {
    this.targets = targets;
    this.history = history;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(spec, "stack", "Stack (default: --stack, production's).", v -> stack = v);
    Args.examples(
        spec,
        "deployctl estimator backtest CourtCaseManagementStack",
        "",
        "Each past deployment is estimated from those before it alone. Exit code 1: there are",
        "fewer than two to replay.");
  }

  @Override
  public ExitCode run() {
    String name = targets.find(null, stack == null || stack.isBlank() ? null : stack).stackName();
    List<Backtest.BacktestRow> rows = Backtest.of(history.get().read(), name);
    console.result(
        new JsonObject()
            .put("stack_name", name)
            .put("rows", rows.stream().map(Backtest.BacktestRow::toJson).toList()),
        () ->
            rows.isEmpty()
                ? "fewer than two deployments of "
                    + name
                    + " can be replayed; 'deployctl estimator collect' asks CloudFormation"
                : text(rows));
    return rows.isEmpty() ? ExitCode.NO : ExitCode.OK;
  }

  private static String text(List<Backtest.BacktestRow> rows) {
    List<List<String>> table = new ArrayList<>();
    table.add(
        List.of("PASSED", "RUNS", "ERROR", "80 % HOLDS", "WIDTH", "MEAN OF 3", "SUM OF AVERAGES"));
    double most = 0.01;
    for (Backtest.BacktestRow row : rows) {
      most = Math.max(most, Math.max(row.error(), Math.max(row.errorOfMean(), row.errorOfSum())));
      table.add(
          List.of(
              percent(row.progress()),
              Integer.toString(row.asked()),
              percent(row.error()),
              percent(row.coverage()),
              String.format(Locale.ROOT, "%.1f min", row.width()),
              percent(row.errorOfMean()),
              percent(row.errorOfSum())));
    }
    StringBuilder chart = new StringBuilder(Console.table(table));
    chart.append("\n\nerror of the time left, as a share of the deployment\n");
    for (Backtest.BacktestRow row : rows) {
      chart.append(bar(percent(row.progress()) + " this", row.error(), most));
      chart.append(bar("     mean", row.errorOfMean(), most));
      chart.append(bar("     sum", row.errorOfSum(), most));
    }
    return chart.toString().stripTrailing();
  }

  private static String bar(String name, double value, double most) {
    int length = (int) Math.round(BAR * Math.min(1, value / most));
    return String.format(Locale.ROOT, "%-10s %s %s%n", name, "█".repeat(length), percent(value));
  }

  private static String percent(double share) {
    return Math.round(100 * share) + " %";
  }
}
