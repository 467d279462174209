package deployctl.estimator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.History;
import deployctl.estimator.history.HistoryEntry;
import deployctl.estimator.history.HistoryFile;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator show}: what is known. */
public final class ShowCommand implements Command {
  private final Supplier<HistoryFile> history;
  private final Console console;
  private @Nullable String stack;

  /** Make the command. */
  public ShowCommand(Supplier<HistoryFile> history, Console console) {
    this.history = history;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(spec, "stack", "Only that stack.", v -> stack = v);
    Args.examples(spec, "deployctl estimator show", "deployctl estimator show -o json | jq .");
  }

  @Override
  public ExitCode run() {
    History known = history.get().read();
    String only = stack == null || stack.isBlank() ? null : stack;
    List<HistoryEntry> entries =
        known.all().stream()
            .filter(entry -> only == null || only.equals(entry.text("stack_name")))
            .toList();
    JsonObject json = known.summary();
    json.put("deployments", entries.stream().map(HistoryEntry::json).toList());
    console.result(json, () -> text(known, entries));
    return ExitCode.OK;
  }

  private static String text(History history, List<HistoryEntry> entries) {
    if (entries.isEmpty()) {
      return "nothing is known yet; 'deployctl estimator collect' asks CloudFormation";
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("STARTED", "STACK", "OPERATION", "RESULT", "MINUTES", "RESOURCES", "ID"));
    for (HistoryEntry entry : entries.subList(Math.max(0, entries.size() - 20), entries.size())) {
      rows.add(
          List.of(
              Timestamps.format(entry.startedAt()),
              String.valueOf(entry.text("stack_name")),
              entry.kind().name(),
              String.valueOf(entry.text("status")),
              String.format(Locale.ROOT, "%.1f", entry.seconds() / 60),
              Integer.toString(entry.timings().size()),
              String.valueOf(entry.text("correlation_id"))));
    }
    return Console.table(rows)
        + "\n\n"
        + entries.size()
        + " deployments; the average of the last ten is "
        + history.averageMinutes()
        + " min";
  }
}
