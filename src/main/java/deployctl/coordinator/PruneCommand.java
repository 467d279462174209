package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.registry.Deployment;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator prune}: forget deployments that were over long ago. */
public final class PruneCommand implements Command {
  private static final Duration USUAL = Duration.ofDays(7);

  private final CoordinatorContext context;
  private @Nullable String age;
  private boolean dryRun;

  /** Make the command. */
  public PruneCommand(CoordinatorContext context) {
    this.context = context;
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
    List<Deployment> pruned = context.coordinator().get().prune(limit, dryRun);
    context
        .console()
        .result(
            pruned.stream().map(Deployment::toJson).toList(),
            () ->
                DeploymentView.table(pruned, context.time().now(), "nothing is that old")
                    + (pruned.isEmpty()
                        ? ""
                        : "\n" + (dryRun ? "would remove " : "removed ") + pruned.size()));
    return ExitCode.OK;
  }
}
