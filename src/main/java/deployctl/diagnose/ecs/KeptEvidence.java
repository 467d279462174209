package deployctl.diagnose.ecs;

import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.support.time.Timestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a monitor kept of a service's tasks that ECS has forgotten. */
final class KeptEvidence {
  private KeptEvidence() {}

  /** Judge what was kept of the latest deployment; empty when nothing was. */
  static Optional<Finding> find(EcsInspection look, EcsRemediations remedies) {
    DiagnosisRun run = look.run();
    for (MonitorState state : run.context().monitoring().store().get().all()) {
      if (!run.target().stackName().equals(state.stackName())) {
        continue;
      }
      for (ServiceEvidence kept : state.services()) {
        if (kept.service().equals(look.serviceName())) {
          Optional<Finding> found = of(look, remedies, kept);
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
      EcsInspection look, EcsRemediations remedies, ServiceEvidence kept) {
    for (ServiceEvidence.StoppedTask stopped : kept.tasks()) {
      TaskStopCause verdict = TaskStopCause.of(look.run(), stopped.task()).orElse(null);
      if (verdict != null) {
        FindingCode code = verdict.code() == null ? FindingCode.CONTAINER_EXITED : verdict.code();
        List<String> evidence = new ArrayList<>();
        evidence.add(
            "kept by the monitor, "
                + Timestamps.format(kept.at())
                + ": task "
                + stopped.task().id()
                + ": "
                + DiagnosisRun.quoted(verdict.words()));
        evidence.add(kept.words());
        stopped.lines().forEach(line -> evidence.add("log: " + DiagnosisRun.quoted(line)));
        return Optional.of(
            Finding.cause(
                code,
                "Tasks of "
                    + kept.service()
                    + " stopped: "
                    + (verdict.rule() == null
                        ? DiagnosisRun.quoted(verdict.words())
                        : verdict.rule().meaning()),
                evidence,
                "task/" + stopped.task().id(),
                remedies.of(
                    code,
                    verdict.rule() == null ? null : verdict.rule().remedy(),
                    Optional.empty())));
      }
    }
    return Optional.empty();
  }
}
