package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.support.json.JsonObject;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator init}: make the registry. */
public final class InitCommand implements Command {
  private final CoordinatorContext context;

  /** Make the command. */
  public InitCommand(CoordinatorContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.examples(
        spec,
        "deployctl coordinator init",
        "deployctl coordinator init --registry-dir /srv/deployments",
        "",
        "An existing registry is left as it is; a damaged one is reported (exit code 1), not replaced.");
  }

  @Override
  public ExitCode run() {
    boolean created = context.repair().get().create();
    String where = context.repair().get().location();
    context
        .console()
        .result(
            new JsonObject().put("created", created).put("path", where),
            () -> (created ? "created " : "already there: ") + where);
    return ExitCode.OK;
  }
}
