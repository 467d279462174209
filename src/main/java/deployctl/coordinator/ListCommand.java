package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.view.DeploymentView;
import deployctl.registry.Deployment;
import deployctl.registry.Deployments;
import deployctl.support.time.Time;
import deployctl.target.Targets;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator list}: what the registry holds. */
public final class ListCommand implements Command {
  private final Supplier<Deployments> deployments;
  private final Targets targets;
  private final Console console;
  private final Time time;
  private boolean all;

  /** Make the command. */
  public ListCommand(
      Supplier<Deployments> deployments, Targets targets, Console console, Time time) {
    this.deployments = deployments;
    this.targets = targets;
    this.console = console;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.flag(spec, "--all", "Finished deployments too.", v -> all = v);
    Args.examples(
        spec,
        "deployctl coordinator list",
        "deployctl coordinator list --all -o json | jq '.[].status'");
  }

  @Override
  public ExitCode run() {
    List<Deployment> entries = deployments.get().list(all, targets.environmentOrAny(null));
    console.result(
        entries.stream().map(Deployment::toJson).toList(),
        () ->
            DeploymentView.table(
                entries,
                time.now(),
                all
                    ? "the registry is empty"
                    : "nothing is active or waiting (--all shows what is over)"));
    if (entries.isEmpty() && deployments.get().missing()) {
      console.note(deployments.get().missingSentence());
    }
    return ExitCode.OK;
  }
}
