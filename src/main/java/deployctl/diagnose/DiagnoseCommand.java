package deployctl.diagnose;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.cli.GithubActions;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.check.DiagnosisOptions;
import deployctl.diagnose.check.DiagnosticOption;
import deployctl.diagnose.finding.Finding;
import deployctl.registry.CorrelationId;
import deployctl.support.file.LocalFile;
import deployctl.support.json.JsonObject;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code diagnose <issue>}: look, say what is wrong and what to do, and do it with {@code --fix}.
 */
public final class DiagnoseCommand implements Command {
  private final String issue;
  private final Supplier<DiagnosisEngine> engine;
  private final Targets targets;
  private final RecordingOptions recording;
  private final Console console;
  private final GithubActions github;
  private boolean fix;
  private boolean dryRun;
  private boolean yes;
  private boolean sendTest;
  private boolean strict;
  private @Nullable String correlationId;
  private @Nullable String environment;
  private @Nullable String healthUrl;
  private @Nullable String template;

  /** Make the command for one issue, or for {@link DiagnosisEngine#ALL}. */
  public DiagnoseCommand(
      String issue,
      Supplier<DiagnosisEngine> engine,
      Targets targets,
      Recordings recordings,
      Console console,
      GithubActions github) {
    this.issue = issue;
    this.engine = engine;
    this.targets = targets;
    this.recording = new RecordingOptions(recordings);
    this.console = console;
    this.github = github;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec,
        "environment",
        "Environment (default: --environment, else production).",
        v -> environment = v);
    if (engine.get().fixes(issue)) {
      Args.flag(
          spec,
          "--fix",
          "Carry out the remediations that need no person, asked for one by one.",
          v -> fix = v);
      Args.flag(spec, "--dry-run", "With --fix: say what would be done.", v -> dryRun = v);
      Args.flag(spec, "--yes", "With --fix: do it without asking.", v -> yes = v);
    }
    engine.get().options(issue).forEach(option -> declare(spec, option));
    recording.declare(spec);
    Args.examples(
        spec,
        "deployctl diagnose " + issue,
        "deployctl diagnose " + issue + " -o json | jq '.findings[0]'",
        "",
        "Exit code 0: healthy. 4: problems. 5: it could not be looked at.");
  }

  private void declare(CommandSpec spec, DiagnosticOption option) {
    switch (option) {
      case SEND_TEST -> Args.flag(spec, option.word(), option.meaning(), v -> sendTest = v);
      case HEALTH_URL ->
          Args.option(spec, option.word(), option.label(), option.meaning(), v -> healthUrl = v);
      case STRICT -> Args.flag(spec, option.word(), option.meaning(), v -> strict = v);
      case CORRELATION_ID ->
          Args.option(
              spec, option.word(), option.label(), option.meaning(), v -> correlationId = v);
      case TEMPLATE ->
          Args.option(spec, option.word(), option.label(), option.meaning(), v -> template = v);
    }
  }

  @Override
  public ExitCode run() {
    recording.refuseWhenReplaying(sendTest, DiagnosticOption.SEND_TEST.word());
    recording.apply();
    Target target = targets.find(environment, null);
    DiagnosisOptions options =
        new DiagnosisOptions(
            healthUrl,
            template == null ? null : LocalFile.of(template),
            sendTest,
            strict,
            correlationId == null ? null : CorrelationId.check(correlationId),
            DiagnosisOptions.Allowances.NONE);
    Diagnosis diagnosis = engine.get().inspect(issue, target, options);
    if (!fix) {
      return show(diagnosis, List.of(), target);
    }
    if (!console.json() && !yes && !dryRun) {
      console.talk(new DiagnosisView(console).text(diagnosis) + "\n");
    }
    List<Fixer.Fixed> fixed = new Fixer(console, dryRun, yes).fix(diagnosis);
    boolean did = fixed.stream().anyMatch(Fixer.Fixed::done);
    // Looked at again: that a remediation was carried out does not mean that it helped.
    return show(
        did ? engine.get().inspect(issue, target, options.again()) : diagnosis, fixed, target);
  }

  private ExitCode show(Diagnosis diagnosis, List<Fixer.Fixed> fixed, Target target) {
    JsonObject json =
        diagnosis
            .toJson()
            .put("environment", target.environment())
            .put("stack_name", target.stackName())
            .putIfKnown("region", engine.get().region())
            .putIfKnown("correlation_id", correlationId);
    if (fix) {
      json.put("fixes", fixed.stream().map(Fixer.Fixed::toJson).toList());
    }
    console.result(json, () -> new DiagnosisView(console).text(diagnosis));
    summary(diagnosis);
    return diagnosis.exitCode();
  }

  /** A GitHub job is told the first finding, which it can act on. */
  private void summary(Diagnosis diagnosis) {
    List<Finding> problems = diagnosis.findings().stream().filter(Finding::problem).toList();
    github.outputs(
        Map.of(
            "status",
            diagnosis.status(),
            "finding",
            problems.isEmpty() ? "" : problems.get(0).code().name()));
    if (!problems.isEmpty()) {
      List<String> lines = new ArrayList<>();
      for (Finding finding : problems) {
        lines.add(
            "- **"
                + finding.code()
                + "** "
                + finding.title().replaceAll("[`<>|*_\\[\\]]", " ")
                + " - "
                + finding.remediation().summary());
      }
      github.summary("### Diagnosis: " + issue + "\n\n" + String.join("\n", lines) + "\n");
    }
  }
}
