package deployctl.diagnose.local;

import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.registry.Deployment;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.process.ExternalProgram;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The GitHub workflow run behind a deployment, as GitHub's own command line shows it; known only
 * where that is installed and logged in.
 *
 * @param status for instance {@code in_progress} or {@code completed}
 * @param conclusion how it ended; empty while it has not
 */
record WorkflowRun(String id, String status, String conclusion) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Ask for an entry's run; empty when it names none or nothing is to be had. */
  static Optional<WorkflowRun> of(
      DiagnosisRun run, ExternalProgram.ProgramRunner programs, Deployment entry) {
    String id = entry.workflowRunId();
    if (id == null || !id.matches("\\d{1,20}")) {
      return Optional.empty();
    }
    Optional<ExternalProgram.ProgramResult> answer =
        programs.run(List.of("gh", "run", "view", id, "--json", "status,conclusion"), TIMEOUT);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    if (!answer.get().ok()) {
      run.checks()
          .tell(
              "workflow run " + id,
              CheckResult.skipped("gh: " + DiagnosisRun.quoted(answer.get().err())));
      return Optional.empty();
    }
    try {
      JsonObject json = Json.parseObject(answer.get().out());
      String status = json.string("status");
      String conclusion = json.string("conclusion");
      if (status == null) {
        return Optional.empty();
      }
      WorkflowRun found = new WorkflowRun(id, status, conclusion == null ? "" : conclusion);
      run.checks().tell("workflow run " + id, CheckResult.pass(found.describe()));
      return Optional.of(found);
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  /** Tell whether the run has ended. */
  public boolean over() {
    return status.equals("completed");
  }

  public String describe() {
    return "workflow run " + id + " is " + status + (conclusion.isEmpty() ? "" : ", " + conclusion);
  }
}
