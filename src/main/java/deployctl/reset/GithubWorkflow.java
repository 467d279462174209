package deployctl.reset;

import deployctl.cli.ProgramSettings;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.process.ExternalProgram;
import deployctl.support.process.ExternalProgram.ProgramRunner;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Starts the workflow that deploys, through GitHub's command line. */
final class GithubWorkflow {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** GitHub shows a run some seconds after it was asked for. */
  private static final int LOOKS = 5;

  private final ProgramRunner programs;
  private final Settings settings;
  private final ResetJournal file;
  private final Time time;

  GithubWorkflow(ProgramRunner programs, Settings settings, ResetJournal file, Time time) {
    this.programs = programs;
    this.settings = settings;
    this.file = file;
    this.time = time;
  }

  /**
   * Start it and return its page.
   *
   * @param perhapsStarted whether an earlier try was cut short and may have started it
   */
  String start(boolean perhapsStarted) {
    String workflow = settings.get(ProgramSettings.WORKFLOW, null);
    String ref = settings.get(ProgramSettings.WORKFLOW_REF, null);
    String before = file.text("run_before");
    if (!perhapsStarted || before == null) {
      before = latest(workflow).orElse("none");
      file.set("run_before", before);
      file.write();
    } else {
      Optional<String> now = latest(workflow);
      if (now.isPresent() && !now.get().equals(before)) {
        return "it was started before: " + now.get();
      }
    }
    ExternalProgram.ProgramResult started =
        gh(List.of("gh", "workflow", "run", workflow, "--ref", ref))
            .orElseThrow(GithubWorkflow::missing);
    if (!started.ok()) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "gh did not start the workflow: " + started.err().replaceAll("\\s+", " ").strip(),
          "Sign in with 'gh auth login', or start it by hand");
    }
    for (int i = 0; i < LOOKS; i++) {
      Optional<String> now = latest(workflow);
      if (now.isPresent() && !now.get().equals(before)) {
        return "started: " + now.get();
      }
      if (!new Sleeper(time).sleep(Duration.ofSeconds(1))) {
        break;
      }
    }
    return "started; GitHub does not show the run yet";
  }

  private Optional<String> latest(String workflow) {
    return gh(List.of(
            "gh",
            "run",
            "list",
            "--workflow",
            workflow,
            "--limit",
            "1",
            "--json",
            "url",
            "--jq",
            ".[0].url"))
        .filter(ExternalProgram.ProgramResult::ok)
        .map(result -> result.out().trim())
        .filter(url -> url.startsWith("http"));
  }

  private Optional<ExternalProgram.ProgramResult> gh(List<String> argv) {
    return programs.run(argv, TIMEOUT);
  }

  private static Failure missing() {
    return new Failure(
        Failure.FailureKind.FAILED,
        "gh, GitHub's command line, is not installed or does not answer",
        "Install it, or start the workflow by hand");
  }
}
