package deployctl.diagnose.ecs;

import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.support.time.Timestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a monitor kept of a service's tasks that ECS has forgotten. */
public final class KeptEvidence {
  private final Supplier<MonitorStore> store;

  /** Make it; the store is opened at its first use. */
  public KeptEvidence(Supplier<MonitorStore> store) {
    this.store = store;
  }

  /** Classify what was kept of the latest deployment; empty when nothing was. */
  Optional<Finding> find(EcsInspection inspection, EcsRemediations remediations) {
    DiagnosisRun run = inspection.run();
    for (MonitorState state : store.get().all()) {
      if (!run.target().stackName().equals(state.stackName())) {
        continue;
      }
      for (ServiceEvidence kept : state.services()) {
        if (kept.service().equals(inspection.serviceName())) {
          Optional<Finding> found = of(inspection, remediations, kept);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      // Only the latest deployment of the stack: an older one's tasks tell of something else.
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<Finding> of(
      EcsInspection inspection, EcsRemediations remediations, ServiceEvidence kept) {
    for (ServiceEvidence.StoppedTask stopped : kept.tasks()) {
      TaskStopCause stop = TaskStopCause.of(inspection.run(), stopped.task()).orElse(null);
      if (stop != null) {
        FindingCode code = stop.code() == null ? FindingCode.CONTAINER_EXITED : stop.code();
        List<String> evidence = new ArrayList<>();
        evidence.add(
            "kept by the monitor, "
                + Timestamps.format(kept.at())
                + ": task "
                + stopped.task().id()
                + ": "
                + DiagnosisRun.quoted(stop.message()));
        evidence.add(kept.describe());
        stopped.lines().forEach(line -> evidence.add("log: " + DiagnosisRun.quoted(line)));
        return Optional.of(
            Finding.cause(
                code,
                "Tasks of "
                    + kept.service()
                    + " stopped: "
                    + (stop.rule() == null
                        ? DiagnosisRun.quoted(stop.message())
                        : stop.rule().meaning()),
                evidence,
                "task/" + stopped.task().id(),
                remediations.of(
                    code,
                    stop.rule() == null ? null : stop.rule().remediation(),
                    Optional.empty())));
      }
    }
    return Optional.empty();
  }
}
