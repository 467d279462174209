package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.Reconciliation;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryRepair;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code coordinator repair}: rebuild a damaged registry and register what CloudFormation shows
 * active.
 */
public final class RepairCommand implements Command {
  private final CoordinatorContext context;

  /** Make the command. */
  public RepairCommand(CoordinatorContext context) {
    this.context = context;
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
    RegistryRepair.RepairReport report = context.repair().get().repair();
    Reconciliation reconciliation =
        context.coordinator().get().reconcile(context.targets().allTargets());
    for (String unknown : reconciliation.unanswered()) {
      context.console().warn("Not checked against CloudFormation: " + unknown);
    }
    if (!report.lost().isEmpty()) {
      context
          .console()
          .warn(
              "Not restored, because their entries are damaged: "
                  + String.join(", ", report.lost()));
    }
    JsonObject json =
        new JsonObject()
            .put("repaired", report.repaired())
            .put("path", context.repair().get().location())
            .put("kept_at", report.keptAt())
            .put("damage", report.damage())
            .put("restored_from_backup", report.fromLastGeneration())
            .put("salvaged", report.salvaged())
            .put("lost", report.lost())
            .put(
                "registered", reconciliation.registered().stream().map(Deployment::toJson).toList())
            .put("unchecked", reconciliation.unanswered());
    context.console().result(json, () -> text(report, reconciliation));
    return ExitCode.OK;
  }

  private String text(RegistryRepair.RepairReport report, Reconciliation reconciliation) {
    List<String> lines = new ArrayList<>();
    if (report.repaired()) {
      lines.add("repaired " + context.repair().get().location());
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
      lines.add("nothing to repair: " + context.repair().get().location());
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
