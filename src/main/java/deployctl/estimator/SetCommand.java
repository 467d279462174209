package deployctl.estimator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.DurationPriors;
import deployctl.estimator.history.HistoryFile;
import deployctl.registry.Journal;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator set}: set what a type of resource usually takes. */
public final class SetCommand implements Command {
  private final Supplier<HistoryFile> history;
  private final Supplier<Journal> journal;
  private final Console console;
  private @Nullable String resourceType;
  private @Nullable String seconds;

  /** Make the command. */
  public SetCommand(Supplier<HistoryFile> history, Supplier<Journal> journal, Console console) {
    this.history = history;
    this.journal = journal;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.required(spec, "resource_type", "Such as AWS::RDS::DBInstance.", v -> resourceType = v);
    Args.required(spec, "seconds", "What one usually takes.", v -> seconds = v);
    Args.examples(spec, "deployctl estimator set AWS::RDS::DBInstance 900");
  }

  @Override
  public ExitCode run() {
    String type = String.valueOf(resourceType);
    if (!type.matches("[A-Za-z0-9]+(::[A-Za-z0-9]+)+")) {
      throw Failure.usage(
          "'" + type + "' is not a resource type", "Write it like AWS::RDS::DBInstance");
    }
    if (seconds == null
        || !seconds.matches("\\d{1,6}(\\.\\d+)?")
        || Double.parseDouble(seconds) <= 0) {
      throw Failure.usage("'" + seconds + "' is no number of seconds", "Write it like 900");
    }
    double average = Double.parseDouble(seconds);
    history
        .get()
        .change(
            known -> {
              known.setAverage(type, average);
              return true;
            });
    journal.get().record("estimator set", type, average + " s");
    if (DurationPriors.looksLikeMinutes(type, average)) {
      console.warn(average + " s for " + type + " looks like minutes");
    }
    console.result(
        new JsonObject().put("resource_type", type).put("seconds", average),
        () -> type + " is taken to need " + average + " s");
    return ExitCode.OK;
  }
}
