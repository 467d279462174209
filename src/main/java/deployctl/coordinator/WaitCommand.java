package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.LockQueue;
import deployctl.coordinator.view.GateDecisionReport;
import deployctl.coordinator.view.GateDecisionView;
import deployctl.coordinator.view.WaitReport;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Durations;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator wait}: return when nothing is active. */
public final class WaitCommand implements Command {
  private static final Duration USUAL = Duration.ofMinutes(30);
  private static final Duration USUAL_PRODUCTION = Duration.ofMinutes(60);

  private final Targets targets;
  private final Supplier<LockQueue> lockQueue;
  private final Console console;
  private final Supplier<GateDecisionView> views;
  private final GateDecisionReport report;
  private @Nullable String environment;
  private @Nullable String longest;
  private @Nullable String stack;

  /** Make the command. */
  public WaitCommand(
      Targets targets,
      Supplier<LockQueue> lockQueue,
      Console console,
      Supplier<GateDecisionView> views,
      GateDecisionReport report) {
    this.targets = targets;
    this.lockQueue = lockQueue;
    this.console = console;
    this.views = views;
    this.report = report;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec,
        "environment",
        "Environment to wait for (default: production).",
        v -> environment = v);
    Args.optional(
        spec,
        "max_wait_minutes",
        "Minutes, or a duration such as 90s (default: 30, production 60).",
        v -> longest = v);
    Args.optional(spec, "stack", "Its stack, where it is not the configured one.", v -> stack = v);
    Args.examples(
        spec,
        "deployctl coordinator wait production",
        "deployctl coordinator wait staging 10",
        "",
        "Nothing is reserved: 'acquire --wait' waits and takes the lock in one step.",
        "Exit code 1: the stack must be cleaned up first, as can-deploy says. 3: still active when",
        "the time was over.");
  }

  @Override
  public ExitCode run() {
    Target target = targets.find(environment, stack);
    Duration usual = target.environment().equals("production") ? USUAL_PRODUCTION : USUAL;
    Duration limit =
        longest == null
            ? usual
            : Durations.parse("max_wait_minutes", longest, Duration.ofMinutes(1));
    LockQueue.WaitOutcome outcome =
        lockQueue.get().untilIdle(target, limit, new WaitReport(console, views.get()));
    JsonObject document = views.get().json(outcome.decision());
    document
        .put("timed_out", outcome.timedOut())
        .put("waited_minutes", Math.round(outcome.waited().toMillis() / 6_000.0) / 10.0);
    report.show(outcome.decision(), document);
    if (outcome.timedOut()) {
      return ExitCode.TIMED_OUT;
    }
    ExitCode code = outcome.decision().exitCode();
    return code == ExitCode.OK || code == ExitCode.NO ? code : ExitCode.UNKNOWN;
  }
}
