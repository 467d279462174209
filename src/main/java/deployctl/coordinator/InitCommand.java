package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.registry.RegistryRepair;
import deployctl.support.json.JsonObject;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator init}: make the registry. */
public final class InitCommand implements Command {
  private final Supplier<RegistryRepair> repair;
  private final Console console;

  /** Make the command. */
  public InitCommand(Supplier<RegistryRepair> repair, Console console) {
    this.repair = repair;
    this.console = console;
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
    boolean created = repair.get().create();
    String where = repair.get().location();
    console.result(
        new JsonObject().put("created", created).put("path", where),
        () -> (created ? "created " : "already there: ") + where);
    return ExitCode.OK;
  }
}
