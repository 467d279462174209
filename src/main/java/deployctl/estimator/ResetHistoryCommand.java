package deployctl.estimator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.HistoryFile;
import deployctl.registry.Journal;
import deployctl.support.json.JsonObject;
import deployctl.target.Targets;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator reset}: begin anew. */
public final class ResetHistoryCommand implements Command {
  private final CollectCommand collection;
  private final Targets targets;
  private final Supplier<HistoryFile> history;
  private final Supplier<Journal> journal;
  private final Console console;
  private boolean collect;
  private boolean dryRun;

  /** Make the command. */
  public ResetHistoryCommand(
      CollectCommand collection,
      Targets targets,
      Supplier<HistoryFile> history,
      Supplier<Journal> journal,
      Console console) {
    this.collection = collection;
    this.targets = targets;
    this.history = history;
    this.journal = journal;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.flag(spec, "--collect", "Collect anew from CloudFormation.", v -> collect = v);
    Args.flag(spec, "--dry-run", "Say what would be done.", v -> dryRun = v);
    Args.examples(
        spec, "deployctl estimator reset --collect", "", "The last history is kept as .bak.");
  }

  @Override
  public ExitCode run() {
    if (dryRun) {
      console.result(
          new JsonObject().put("reset", false).put("dry_run", true),
          () -> "would empty " + history.get().location());
      return ExitCode.OK;
    }
    boolean changed =
        history
            .get()
            .change(
                known -> {
                  boolean something = !known.isEmpty();
                  known.clear();
                  return something;
                });
    journal.get().record("estimator reset", history.get().location(), "emptied");
    if (collect) {
      return collection.collect(targets.find(null, null).stackName());
    }
    console.result(
        new JsonObject().put("reset", changed),
        () ->
            changed
                ? "emptied; the last history is " + history.get().location() + ".bak"
                : "there was nothing");
    return ExitCode.OK;
  }
}
