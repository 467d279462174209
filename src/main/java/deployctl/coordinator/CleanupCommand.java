package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.registry.CorrelationId;
import deployctl.registry.Deployment;
import deployctl.registry.Deployments;
import deployctl.support.json.JsonObject;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator cleanup}: remove an entry. */
public final class CleanupCommand implements Command {
  private final Supplier<Deployments> deployments;
  private final Console console;
  private String correlationId = "";

  /** Make the command. */
  public CleanupCommand(Supplier<Deployments> deployments, Console console) {
    this.deployments = deployments;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.required(
        spec, "correlation_id", "Name of the deployment.", v -> correlationId = String.valueOf(v));
    Args.examples(
        spec,
        "deployctl coordinator cleanup 20260131-120000-1a2b3c4d",
        "",
        "Only the registry's entry goes; no stack is touched. Twice is the same as once.");
  }

  @Override
  public ExitCode run() {
    String id = CorrelationId.check(correlationId);
    Deployment known = deployments.get().find(id);
    boolean removed = deployments.get().cleanup(id);
    if (removed && known != null && known.isLeftToItsWatcher() && !known.status().finished()) {
      console.warn(
          "CloudFormation was still at work when the command of "
              + id
              + " ended, and no monitor has seen the end: its end is not kept any more");
    }
    console.result(
        new JsonObject().put("removed", removed),
        () -> removed ? "removed " + id : "nothing to remove: there is no " + id);
    return ExitCode.OK;
  }
}
