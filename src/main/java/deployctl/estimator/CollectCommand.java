package deployctl.estimator;

import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.Collector;
import deployctl.estimator.history.HistoryFile;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.target.Targets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator collect}: take past operations from CloudFormation. */
public final class CollectCommand implements Command {
  private final Targets targets;
  private final Supplier<Stacks> stacks;
  private final Supplier<HistoryFile> history;
  private final Supplier<Registry> registry;
  private final Supplier<Journal> journal;
  private final Console console;
  private final Time time;
  private @Nullable String stack;

  /** Make the command. */
  public CollectCommand(
      Targets targets,
      Supplier<Stacks> stacks,
      Supplier<HistoryFile> history,
      Supplier<Registry> registry,
      Supplier<Journal> journal,
      Console console,
      Time time) {
    this.targets = targets;
    this.stacks = stacks;
    this.history = history;
    this.registry = registry;
    this.journal = journal;
    this.console = console;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(spec, "stack", "Stack (default: --stack, production's).", v -> stack = v);
    Args.examples(spec, "deployctl estimator collect CourtCaseManagementStack");
  }

  @Override
  public ExitCode run() {
    return collect(targets.find(null, stack == null || stack.isBlank() ? null : stack).stackName());
  }

  /** Collect the operations of a stack and say how many there were. */
  ExitCode collect(String name) {
    Collector collector = new Collector(stacks.get(), history.get(), registry.get(), time);
    Collector.Collected collected = collector.collect(name);
    int all = history.get().read().training(name).size();
    if (collected.added() > 0) {
      journal.get().record("estimator collect", name, collected.added() + " added");
    }
    console.result(
        new JsonObject()
            .put("stack_name", name)
            .put("operations", collected.found())
            .put("added", collected.added())
            .put("runs", all),
        () ->
            collected.found()
                + " operations of "
                + name
                + " in its events, "
                + collected.added()
                + " of them new; "
                + all
                + " runs to learn from");
    return ExitCode.OK;
  }
}
