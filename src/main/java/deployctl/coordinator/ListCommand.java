package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.registry.Deployment;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator list}: what the registry holds. */
public final class ListCommand implements Command {
  private final CoordinatorContext context;
  private boolean all;

  /** Make the command. */
  public ListCommand(CoordinatorContext context) {
    this.context = context;
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
    List<Deployment> entries =
        context.coordinator().get().list(all, context.targets().environmentOrAny(null));
    context
        .console()
        .result(
            entries.stream().map(Deployment::toJson).toList(),
            () ->
                DeploymentView.table(
                    entries,
                    context.time().now(),
                    all
                        ? "the registry is empty"
                        : "nothing is active or waiting (--all shows what is over)"));
    if (entries.isEmpty() && context.coordinator().get().isNew()) {
      context
          .console()
          .note("There is no registry in " + context.repair().get().location() + " yet");
    }
    return ExitCode.OK;
  }
}
