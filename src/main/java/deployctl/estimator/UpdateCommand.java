package deployctl.estimator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.HistoryFile;
import deployctl.registry.CorrelationId;
import deployctl.registry.Deployment;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator update}: record how long a deployment took. */
public final class UpdateCommand implements Command {
  private final Targets targets;
  private final Supplier<HistoryFile> history;
  private final Supplier<Registry> registry;
  private final Supplier<Journal> journal;
  private final Console console;
  private final Time time;
  private @Nullable String correlationId;
  private @Nullable String minutesText;
  private @Nullable String stack;

  /** Make the command. */
  public UpdateCommand(
      Targets targets,
      Supplier<HistoryFile> history,
      Supplier<Registry> registry,
      Supplier<Journal> journal,
      Console console,
      Time time) {
    this.targets = targets;
    this.history = history;
    this.registry = registry;
    this.journal = journal;
    this.console = console;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.required(spec, "correlation_id", "Name of the deployment.", v -> correlationId = v);
    Args.required(spec, "duration_minutes", "How long it took.", v -> minutesText = v);
    Args.optional(spec, "stack", "Stack (default: the registry's).", v -> stack = v);
    Args.examples(spec, "deployctl estimator update \"$ID\" 27.5");
  }

  @Override
  public ExitCode run() {
    String id = CorrelationId.check(String.valueOf(correlationId));
    Duration took = EstimateCommand.minutes("duration_minutes", String.valueOf(minutesText));
    if (took.isZero()) {
      throw Failure.usage("A deployment takes more than no time", "Give its minutes, such as 27.5");
    }
    Deployment entry = entry(id);
    String named = stack == null || stack.isBlank() ? null : stack;
    Target target =
        targets.find(
            entry == null ? null : entry.environment(),
            named != null ? named : entry == null ? null : entry.stackName());
    double minutes = took.toMillis() / 60_000.0;
    history
        .get()
        .change(
            known -> {
              known.add(id, target.stackName(), target.environment(), minutes, time.now());
              return true;
            });
    journal.get().record("estimator update", id, minutes + " min");
    console.result(
        new JsonObject()
            .put("correlation_id", id)
            .put("stack_name", target.stackName())
            .put("duration_minutes", minutes),
        () -> id + " took " + Math.round(minutes * 10) / 10.0 + " min");
    return ExitCode.OK;
  }

  private @Nullable Deployment entry(String id) {
    try {
      return registry.get().read().find(id);
    } catch (Failure e) {
      return null;
    }
  }
}
