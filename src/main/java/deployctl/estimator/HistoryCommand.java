package deployctl.estimator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.Collector;
import deployctl.estimator.history.History;
import deployctl.estimator.history.HistoryEntry;
import deployctl.estimator.model.DurationPriors;
import deployctl.registry.CorrelationId;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import deployctl.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator collect}, {@code update}, {@code show}, {@code set} and {@code reset}. */
public final class HistoryCommand implements Command {
  /** What is done with the history. */
  public enum HistoryAction {
    /** Take past operations from CloudFormation. */
    COLLECT,
    /** Record a deployment. */
    UPDATE,
    /** Look at it. */
    SHOW,
    /** Set the average of a type. */
    SET,
    /** Begin anew. */
    RESET
  }

  private final EstimatorContext context;
  private final HistoryAction verb;
  private @Nullable String first;
  private @Nullable String second;
  private @Nullable String third;
  private boolean collect;
  private boolean dryRun;

  /** Make a command. */
  public HistoryCommand(EstimatorContext context, HistoryAction verb) {
    this.context = context;
    this.verb = verb;
  }

  @Override
  public void declare(CommandSpec spec) {
    switch (verb) {
      case COLLECT -> {
        Args.optional(spec, "stack", "Stack (default: --stack, production's).", v -> first = v);
        Args.examples(spec, "deployctl estimator collect CourtCaseManagementStack");
      }
      case UPDATE -> {
        Args.required(spec, "correlation_id", "Name of the deployment.", v -> first = v);
        Args.required(spec, "duration_minutes", "How long it took.", v -> second = v);
        Args.optional(spec, "stack", "Stack (default: the registry's).", v -> third = v);
        Args.examples(spec, "deployctl estimator update \"$ID\" 27.5");
      }
      case SHOW -> {
        Args.optional(spec, "stack", "Only that stack.", v -> first = v);
        Args.examples(spec, "deployctl estimator show", "deployctl estimator show -o json | jq .");
      }
      case SET -> {
        Args.required(spec, "resource_type", "Such as AWS::RDS::DBInstance.", v -> first = v);
        Args.required(spec, "seconds", "What one usually takes.", v -> second = v);
        Args.examples(spec, "deployctl estimator set AWS::RDS::DBInstance 900");
      }
      case RESET -> {
        Args.flag(spec, "--collect", "Collect anew from CloudFormation.", v -> collect = v);
        Args.flag(spec, "--dry-run", "Say what would be done.", v -> dryRun = v);
        Args.examples(
            spec, "deployctl estimator reset --collect", "", "The last history is kept as .bak.");
      }
    }
  }

  @Override
  public ExitCode run() {
    return switch (verb) {
      case COLLECT -> collect(context.targets().find(null, blankToNull(first)).stackName());
      case UPDATE -> update();
      case SHOW -> show();
      case SET -> set();
      case RESET -> reset();
    };
  }

  private ExitCode collect(String stack) {
    Collector collector =
        new Collector(
            context.stacks().get(),
            context.history().get(),
            context.registry().get(),
            context.time());
    Collector.Collected collected = collector.collect(stack);
    int all = context.history().get().read().training(stack).size();
    if (collected.added() > 0) {
      context.journal().get().record("estimator collect", stack, collected.added() + " added");
    }
    context
        .console()
        .result(
            new JsonObject()
                .put("stack_name", stack)
                .put("operations", collected.found())
                .put("added", collected.added())
                .put("runs", all),
            () ->
                collected.found()
                    + " operations of "
                    + stack
                    + " in its events, "
                    + collected.added()
                    + " of them new; "
                    + all
                    + " runs to learn from");
    return ExitCode.OK;
  }

  private ExitCode update() {
    String id = CorrelationId.check(String.valueOf(first));
    Duration took = EstimateCommand.minutes("duration_minutes", String.valueOf(second));
    if (took.isZero()) {
      throw Failure.usage("A deployment takes more than no time", "Give its minutes, such as 27.5");
    }
    Deployment entry = entry(id);
    String named = blankToNull(third);
    Target target =
        context
            .targets()
            .find(
                entry == null ? null : entry.environment(),
                named != null ? named : entry == null ? null : entry.stackName());
    double minutes = took.toMillis() / 60_000.0;
    context
        .history()
        .get()
        .change(
            history -> {
              history.add(
                  id, target.stackName(), target.environment(), minutes, context.time().now());
              return true;
            });
    context.journal().get().record("estimator update", id, minutes + " min");
    context
        .console()
        .result(
            new JsonObject()
                .put("correlation_id", id)
                .put("stack_name", target.stackName())
                .put("duration_minutes", minutes),
            () -> id + " took " + Math.round(minutes * 10) / 10.0 + " min");
    return ExitCode.OK;
  }

  private @Nullable Deployment entry(String id) {
    try {
      return context.registry().get().read().find(id);
    } catch (Failure e) {
      return null;
    }
  }

  private ExitCode show() {
    History history = context.history().get().read();
    String only = blankToNull(first);
    List<HistoryEntry> entries =
        history.all().stream()
            .filter(entry -> only == null || only.equals(entry.text("stack_name")))
            .toList();
    JsonObject json = history.summary();
    json.put("deployments", entries.stream().map(HistoryEntry::json).toList());
    context.console().result(json, () -> text(history, entries));
    return ExitCode.OK;
  }

  private String text(History history, List<HistoryEntry> entries) {
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

  private ExitCode set() {
    String type = String.valueOf(first);
    if (!type.matches("[A-Za-z0-9]+(::[A-Za-z0-9]+)+")) {
      throw Failure.usage(
          "'" + type + "' is not a resource type", "Write it like AWS::RDS::DBInstance");
    }
    if (second == null
        || !second.matches("\\d{1,6}(\\.\\d+)?")
        || Double.parseDouble(second) <= 0) {
      throw Failure.usage("'" + second + "' is no number of seconds", "Write it like 900");
    }
    double seconds = Double.parseDouble(second);
    context
        .history()
        .get()
        .change(
            history -> {
              history.setAverage(type, seconds);
              return true;
            });
    context.journal().get().record("estimator set", type, seconds + " s");
    if (DurationPriors.looksLikeMinutes(type, seconds)) {
      context.console().warn(seconds + " s for " + type + " looks like minutes");
    }
    context
        .console()
        .result(
            new JsonObject().put("resource_type", type).put("seconds", seconds),
            () -> type + " is taken to need " + seconds + " s");
    return ExitCode.OK;
  }

  private ExitCode reset() {
    if (dryRun) {
      context
          .console()
          .result(
              new JsonObject().put("reset", false).put("dry_run", true),
              () -> "would empty " + context.history().get().location());
      return ExitCode.OK;
    }
    boolean changed =
        context
            .history()
            .get()
            .change(
                history -> {
                  boolean something = !history.isEmpty();
                  history.clear();
                  return something;
                });
    context
        .journal()
        .get()
        .record("estimator reset", context.history().get().location(), "emptied");
    if (collect) {
      return collect(context.targets().find(null, null).stackName());
    }
    context
        .console()
        .result(
            new JsonObject().put("reset", changed),
            () ->
                changed
                    ? "emptied; the last history is " + context.history().get().location() + ".bak"
                    : "there was nothing");
    return ExitCode.OK;
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
