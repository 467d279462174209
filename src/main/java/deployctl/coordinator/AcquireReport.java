package deployctl.coordinator;

import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.cli.GithubActions;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.AcquireResult.Acquired;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.coordinator.lock.AcquireResult.TimedOut;
import deployctl.coordinator.view.DeploymentView;
import deployctl.coordinator.view.GateDecisionReport;
import deployctl.registry.Deployment;
import deployctl.support.time.Time;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows what came of asking for the lock. */
public final class AcquireReport {
  private final Console console;
  private final GithubActions github;
  private final GateDecisionReport decisions;
  private final Time time;

  /** Make a report to these. */
  public AcquireReport(
      Console console, GithubActions github, GateDecisionReport decisions, Time time) {
    this.console = console;
    this.github = github;
    this.decisions = decisions;
    this.time = time;
  }

  /** Say that a deployment is registered although the answer could not be written. */
  void tellUnwritten(String correlationId) {
    if (console.failed()) {
      console.warn(
          "The answer could not be written, and "
              + correlationId
              + " is registered all the same: 'deployctl coordinator release "
              + correlationId
              + "' gives the lock back");
    }
  }

  /**
   * Show the result as the command's result and return the exit code that says it.
   *
   * @param waited whether the command was to wait: then only an answer of AWS's can say "still
   *     active"
   */
  public ExitCode show(AcquireResult result, String correlationId, boolean waited) {
    if (result instanceof Refused refused) {
      decisions.refuse(refused.decision(), correlationId);
      return Acquisition.exitCode(result, waited);
    }
    if (result instanceof TimedOut late) {
      decisions.refuse(late.decision(), correlationId);
      return Acquisition.exitCode(result, waited);
    }
    Acquired acquired = (Acquired) result;
    Deployment entry = acquired.entry();
    for (Deployment before : acquired.takenOver()) {
      console.warn(DeploymentView.takenOver(before, time.now()));
    }
    console.result(entry.toJson(), () -> DeploymentView.details(entry, time.now()));
    Map<String, @Nullable String> outputs = new LinkedHashMap<>();
    outputs.put("correlation_id", entry.correlationId());
    outputs.put("environment", entry.environment());
    outputs.put("stack_name", entry.stackName());
    outputs.put("fencing_token", Long.toString(entry.fencingToken()));
    github.outputs(outputs);
    github.summary("**Registered:** `" + entry.correlationId() + "` for " + entry.environment());
    return ExitCode.OK;
  }
}
