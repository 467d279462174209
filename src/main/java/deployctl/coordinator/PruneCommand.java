package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.view.DeploymentView;
import deployctl.registry.Deployment;
import deployctl.registry.Deployments;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator prune}: forget deployments that were over long ago. */
public final class PruneCommand implements Command {
  private static final Duration USUAL = Duration.ofDays(7);

  private final Supplier<Deployments> deployments;
  private final Console console;
  private final Time time;
  private @Nullable String age;
  private boolean dryRun;

  /** Make the command. */
  public PruneCommand(Supplier<Deployments> deployments, Console console, Time time) {
    this.deployments = deployments;
    this.console = console;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.option(
        spec,
        "--older-than",
        "<duration>",
        "Age since the end, such as 7d (default: 7d).",
        v -> age = v);
    Args.flag(spec, "--dry-run", "Show what would go, and leave it.", v -> dryRun = v);
    Args.examples(
        spec,
        "deployctl coordinator prune",
        "deployctl coordinator prune --older-than 30d --dry-run",
        "",
        "What waits or is in progress always stays.");
  }

  @Override
  public ExitCode run() {
    // A bare number is refused: seconds would be the rule and days the guess, and a wrong one
    // forgets too much.
    Duration limit = age == null ? USUAL : Durations.parse("--older-than", age, Duration.ZERO);
    List<Deployment> pruned = deployments.get().prune(limit, dryRun);
    console.result(
        pruned.stream().map(Deployment::toJson).toList(),
        () ->
            DeploymentView.table(pruned, time.now(), "nothing is that old")
                + (pruned.isEmpty()
                    ? ""
                    : "\n" + (dryRun ? "would remove " : "removed ") + pruned.size()));
    return ExitCode.OK;
  }
}
