package deployctl.estimator;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.HistoryFile;
import deployctl.operation.OperationReader;
import deployctl.registry.CorrelationId;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator estimate}: how long a deployment still takes, or will take. */
public final class EstimateCommand implements Command {
  private final Targets targets;
  private final Supplier<HistoryFile> history;
  private final Time time;
  private final Supplier<Stacks> stacks;
  private final Console console;
  private final Supplier<Registry> registry;
  private @Nullable String correlationId;
  private @Nullable String stack;
  private @Nullable String elapsed;
  private @Nullable String level;

  /** Make the command. */
  public EstimateCommand(
      Targets targets,
      Supplier<HistoryFile> history,
      Time time,
      Supplier<Stacks> stacks,
      Console console,
      Supplier<Registry> registry) {
    this.targets = targets;
    this.history = history;
    this.time = time;
    this.stacks = stacks;
    this.console = console;
    this.registry = registry;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec,
        "correlation_id",
        "Name of the deployment; left out: what a deployment would take now.",
        v -> correlationId = v);
    Args.optional(spec, "stack", "Stack (default: the registry's, else --stack).", v -> stack = v);
    Args.optional(
        spec, "elapsed_minutes", "How long it has taken, where AWS cannot tell.", v -> elapsed = v);
    Args.option(
        spec,
        "--level",
        "<share>",
        "How often the truth is to be within the interval (default: 0.8).",
        v -> level = v);
    Args.examples(
        spec,
        "deployctl estimator estimate \"$ID\"",
        "deployctl estimator estimate --stack CourtCaseManagementStack -o json",
        "",
        "Exit code 1: the deployment is over. 5: nothing is known of it, and AWS does not answer.");
  }

  @Override
  public ExitCode run() {
    double share = level();
    String id = correlationId == null || correlationId.isBlank() ? null : correlationId;
    Deployment entry = id == null ? null : entry(CorrelationId.check(id));
    if (entry != null && entry.status().finished()) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          id + " is over (" + entry.status() + ")",
          "See 'deployctl estimator show' for what it took");
    }
    String named =
        stack != null && !stack.isBlank() ? stack : entry == null ? null : entry.stackName();
    Target target = targets.find(entry == null ? null : entry.environment(), named);
    HistoryFile file = history.get();
    Estimator estimator = new Estimator(file.read());
    Instant now = time.now();
    String status;
    Estimate estimate;
    try {
      Stack found = stacks.get().find(target.stackName()).orElse(null);
      status = found == null ? "NOT_FOUND" : found.status().name();
      OperationReader reader = new OperationReader(stacks.get(), console::warn);
      estimate = estimator.estimate(reader.observe(found, target.stackName(), now), share);
    } catch (AwsFailure e) {
      Duration passed = passed(entry, now);
      if (passed == null) {
        throw e;
      }
      console.warn(e.what() + "; estimated from past deployments alone");
      status = "UNKNOWN";
      estimate = estimator.byTotals(target.stackName(), null, passed, share);
    }
    show(id, target.stackName(), status, estimate, now);
    return ExitCode.OK;
  }

  private void show(
      @Nullable String id, String stackName, String status, Estimate estimate, Instant now) {
    JsonObject json =
        new JsonObject()
            .put("correlation_id", id)
            .put("stack_name", stackName)
            .put("stack_status", status);
    console.result(estimate.into(json, now), () -> text(stackName, status, estimate, now));
  }

  private static String text(String stack, String status, Estimate estimate, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    boolean running = !estimate.elapsed().isZero();
    rows.add(List.of("stack", stack + " (" + status + ")"));
    if (running) {
      rows.add(List.of("elapsed", Durations.humane(estimate.elapsed())));
    }
    rows.add(
        List.of(
            running ? "left" : "would take",
            Durations.humane(estimate.left())
                + ", "
                + Math.round(100 * estimate.interval().level())
                + " % within "
                + Durations.humane(estimate.interval().low())
                + " and "
                + Durations.humane(estimate.interval().high())));
    rows.add(
        List.of("done at", deployctl.support.time.Timestamps.clock(now.plus(estimate.left()))));
    if (estimate.total() != null && running) {
      rows.add(List.of("progress", estimate.complete() + " of " + estimate.total() + " resources"));
    }
    if (estimate.overdue() != null && estimate.longest() != null) {
      rows.add(
          List.of(
              "overdue",
              "by "
                  + Durations.humane(estimate.overdue())
                  + "; the longest seen took "
                  + Durations.humane(estimate.longest())));
    }
    for (Estimate.SlowResource slow : estimate.slow()) {
      rows.add(
          List.of(
              "slow",
              slow.logicalId()
                  + " ("
                  + slow.type()
                  + ") for "
                  + Durations.humane(slow.elapsed())
                  + "; nine of ten take less than "
                  + Durations.humane(slow.bound())));
    }
    rows.add(List.of("basis", estimate.basis().describe()));
    return Console.table(rows);
  }

  private @Nullable Deployment entry(String id) {
    try {
      return registry.get().read().find(id);
    } catch (Failure e) {
      console.warn(e.what());
      return null;
    }
  }

  private @Nullable Duration passed(@Nullable Deployment entry, Instant now) {
    if (elapsed != null && !elapsed.isBlank()) {
      return minutes("elapsed_minutes", elapsed);
    }
    Instant start = entry == null ? null : entry.startedAt();
    return start == null || start.isAfter(now) ? null : Duration.between(start, now);
  }

  /** Read a number of minutes. */
  static Duration minutes(String name, String text) {
    if (!text.trim().matches("\\d{1,6}(\\.\\d+)?")) {
      throw Failure.usage(
          "'" + text + "' is no number of minutes for " + name, "Write it like 12.5");
    }
    return Duration.ofMillis(Math.round(Double.parseDouble(text.trim()) * 60_000));
  }

  private double level() {
    if (level == null) {
      return Estimator.USUAL_LEVEL;
    }
    if (!level.matches("0?\\.\\d+") || Double.parseDouble(level) < 0.1) {
      throw Failure.usage("'" + level + "' is no level of an interval", "Write it like 0.8");
    }
    double wanted = Double.parseDouble(level);
    int runs = history.get().read().entries().size();
    if (wanted > 0.9 && runs < 19) {
      throw Failure.usage(
          runs + " runs are too few for an interval of " + Math.round(100 * wanted) + " %",
          "From 19 runs on it can be said; 0.8 can be said now");
    }
    return wanted;
  }
}
