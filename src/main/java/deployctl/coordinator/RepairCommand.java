package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.Reconciliation;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryRepair;
import deployctl.support.json.JsonObject;
import deployctl.target.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code coordinator repair}: rebuild a damaged registry and register what CloudFormation shows
 * active.
 */
public final class RepairCommand implements Command {
  private final Supplier<RegistryRepair> repair;
  private final Supplier<Coordinator> coordinator;
  private final Targets targets;
  private final Console console;

  /** Make the command. */
  public RepairCommand(
      Supplier<RegistryRepair> repair,
      Supplier<Coordinator> coordinator,
      Targets targets,
      Console console) {
    this.repair = repair;
    this.coordinator = coordinator;
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
    RegistryRepair.RepairReport report = repair.get().repair();
    Reconciliation reconciliation = coordinator.get().reconcile(targets.allTargets());
    for (String unknown : reconciliation.unanswered()) {
      console.warn("Not checked against CloudFormation: " + unknown);
    }
    if (!report.lost().isEmpty()) {
      console.warn(
          "Not restored, because their entries are damaged: " + String.join(", ", report.lost()));
    }
    JsonObject json =
        new JsonObject()
            .put("repaired", report.repaired())
            .put("path", repair.get().location())
            .put("kept_at", report.keptAt())
            .put("damage", report.damage())
            .put("restored_from_backup", report.fromLastGeneration())
            .put("salvaged", report.salvaged())
            .put("lost", report.lost())
            .put(
                "registered", reconciliation.registered().stream().map(Deployment::toJson).toList())
            .put("unchecked", reconciliation.unanswered());
    console.result(json, () -> text(report, reconciliation));
    return ExitCode.OK;
  }

  private String text(RegistryRepair.RepairReport report, Reconciliation reconciliation) {
    List<String> lines = new ArrayList<>();
    if (report.repaired()) {
      lines.add("repaired " + repair.get().location());
      lines.add("  was: " + report.damage());
      lines.add("  kept: " + report.keptAt());
      lines.add(
          "  restored: "
              + report.salvaged()
              + " from the damaged file, "
              + report.fromLastGeneration()
              + " from the last good generation");
      lines.add(
          "  what was written last may be missing; journal.jsonl beside it tells what was done");
    } else {
      lines.add("nothing to repair: " + repair.get().location());
    }
    for (Deployment entry : reconciliation.registered()) {
      lines.add(
          "registered "
              + entry.correlationId()
              + ": CloudFormation is at work on "
              + entry.stackName()
              + " and no entry said so");
    }
    return String.join("\n", lines);
  }
}
