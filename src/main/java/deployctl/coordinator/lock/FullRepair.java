package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import deployctl.registry.RegistryRepair;
import deployctl.registry.RegistryRepair.RepairReport;
import deployctl.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The one way to repair a registry: rebuild it where it is damaged, then register what
 * CloudFormation shows at work and no entry says.
 */
public final class FullRepair {
  private final Supplier<RegistryRepair> repair;
  private final Supplier<Coordinator> coordinator;

  /** Make it; each is made at its first use. */
  public FullRepair(Supplier<RegistryRepair> repair, Supplier<Coordinator> coordinator) {
    this.repair = repair;
    this.coordinator = coordinator;
  }

  /** What came of it. */
  public record FullRepairReport(
      String location, RepairReport registry, Reconciliation reconciliation) {
    /** Return what people should be warned of; empty when all is whole. */
    public List<String> warnings() {
      List<String> warnings = new ArrayList<>();
      for (String unknown : reconciliation.unanswered()) {
        warnings.add("Not checked against CloudFormation: " + unknown);
      }
      if (!registry.lost().isEmpty()) {
        warnings.add(
            "Not restored, because their entries are damaged: "
                + String.join(", ", registry.lost()));
      }
      return warnings;
    }

    /** Return what was done, a line each. */
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      if (registry.repaired()) {
        lines.add("repaired " + location);
        lines.add("  was: " + registry.damage());
        lines.add("  kept: " + registry.keptAt());
        lines.add(
            "  restored: "
                + registry.salvaged()
                + " read from the damaged file, "
                + registry.fromLastGeneration()
                + " from the last good generation; of an entry in both, the newer counts");
        lines.add(
            "  what was written last may be missing; journal.jsonl beside it tells what was done");
      } else {
        lines.add("nothing to repair: " + location);
      }
      for (Deployment entry : reconciliation.registered()) {
        lines.add(
            "registered "
                + entry.correlationId()
                + ": CloudFormation is at work on "
                + entry.stackName()
                + " and no entry said so");
      }
      return lines;
    }
  }

  /**
   * Do it.
   *
   * @param targets whose stacks are looked at
   */
  public FullRepairReport run(List<Target> targets) {
    RepairReport report = repair.get().repair();
    return new FullRepairReport(
        repair.get().location(), report, coordinator.get().reconcile(targets));
  }
}
