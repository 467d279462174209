package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.FullRepair;
import deployctl.coordinator.lock.FullRepair.FullRepairReport;
import deployctl.coordinator.lock.Reconciliation;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryRepair;
import deployctl.support.json.JsonObject;
import deployctl.target.Targets;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code coordinator repair}: rebuild a damaged registry and register what CloudFormation shows
 * active.
 */
public final class RepairCommand implements Command {
  private final FullRepair repair;
  private final Targets targets;
  private final Console console;

  /** Make the command. */
  public RepairCommand(FullRepair repair, Targets targets, Console console) {
    this.repair = repair;
    this.targets = targets;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.examples(
        spec,
        "deployctl coordinator repair",
        "",
        "The damaged file is kept beside the new one. What can be read of it and of the last good generation",
        "is restored. Then the stack of every known environment is looked at, and a deployment that",
        "CloudFormation shows active without an entry gets one.");
  }

  @Override
  public ExitCode run() {
    FullRepairReport done = repair.run(targets.allTargets());
    RegistryRepair.RepairReport report = done.registry();
    Reconciliation reconciliation = done.reconciliation();
    done.warnings().forEach(console::warn);
    JsonObject json =
        new JsonObject()
            .put("repaired", report.repaired())
            .put("path", done.location())
            .put("kept_at", report.keptAt())
            .put("damage", report.damage())
            .put("restored_from_backup", report.fromLastGeneration())
            .put("salvaged", report.salvaged())
            .put("lost", report.lost())
            .put(
                "registered", reconciliation.registered().stream().map(Deployment::toJson).toList())
            .put("unchecked", reconciliation.unanswered());
    console.result(json, () -> String.join("\n", done.lines()));
    return ExitCode.OK;
  }
}
