package deployctl.coordinator;

import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.AcquireResult.Admitted;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.coordinator.lock.AcquireResult.TimedOut;
import deployctl.registry.Deployment;
import deployctl.support.time.Timestamps;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows what came of asking for the place. */
final class AcquireReport {
  private AcquireReport() {}

  /**
   * Show the admission as the command's result and return the exit code that says it.
   *
   * @param waited whether the command was to wait: then only an answer of AWS's can say "still
   *     active"
   */
  static ExitCode show(
      CoordinatorContext context, AcquireResult admission, String correlationId, boolean waited) {
    if (admission instanceof Refused refused) {
      GateDecisionReport.refuse(context, refused.verdict(), correlationId);
      return Acquisition.exitCode(admission, waited);
    }
    if (admission instanceof TimedOut late) {
      GateDecisionReport.refuse(context, late.verdict(), correlationId);
      return Acquisition.exitCode(admission, waited);
    }
    Admitted admitted = (Admitted) admission;
    Deployment entry = admitted.entry();
    for (Deployment before : admitted.takenOver()) {
      context
          .console()
          .warn(
              "Took over the place of "
                  + before.correlationId()
                  + ": its lease ran out at "
                  + Timestamps.format(before.leaseExpiresAt())
                  + " and nothing is at work on its stack");
    }
    context
        .console()
        .result(entry.toJson(), () -> DeploymentView.details(entry, context.time().now()));
    Map<String, @Nullable String> outputs = new LinkedHashMap<>();
    outputs.put("correlation_id", entry.correlationId());
    outputs.put("environment", entry.environment());
    outputs.put("stack_name", entry.stackName());
    outputs.put("fencing_token", Long.toString(entry.fencingToken()));
    context.github().outputs(outputs);
    context
        .github()
        .summary("**Registered:** `" + entry.correlationId() + "` for " + entry.environment());
    return ExitCode.OK;
  }
}
