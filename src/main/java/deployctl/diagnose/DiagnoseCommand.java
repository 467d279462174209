package deployctl.diagnose;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.finding.Finding;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code diagnose <issue>}: look, say what is wrong and what to do, and do it with {@code --fix}.
 */
public final class DiagnoseCommand implements Command {
  private final DiagnoseContext context;
  private final String issue;
  private boolean fix;
  private boolean dryRun;
  private boolean yes;
  private boolean sendTest;
  private @Nullable String environment;
  private @Nullable String healthUrl;
  private @Nullable String template;
  private @Nullable String record;
  private @Nullable String replay;

  /** Make the command for one issue, {@code all} or {@code preflight}. */
  public DiagnoseCommand(DiagnoseContext context, String issue) {
    this.context = context;
    this.issue = issue;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec,
        "environment",
        "Environment (default: --environment, else production).",
        v -> environment = v);
    if (!issue.equals("preflight")) {
      Args.flag(
          spec,
          "--fix",
          "Carry out the remedies that need no person, asked for one by one.",
          v -> fix = v);
      Args.flag(spec, "--dry-run", "With --fix: say what would be done.", v -> dryRun = v);
      Args.flag(spec, "--yes", "With --fix: do it without asking.", v -> yes = v);
    }
    if (issue.equals("slack") || issue.equals("all")) {
      Args.flag(spec, "--send-test", "Send a message to the channel.", v -> sendTest = v);
    }
    if (issue.equals("ecs") || issue.equals("all") || issue.equals("stack")) {
      Args.option(
          spec,
          "--health-url",
          "<url>",
          "Address at which the application answers, such as http://host:8000/health.",
          v -> healthUrl = v);
    }
    if (issue.equals("preflight")) {
      Args.option(
          spec, "--template", "<file>", "Template that is to be deployed.", v -> template = v);
    }
    recording(spec, v -> record = v, v -> replay = v);
    Args.examples(
        spec,
        "deployctl diagnose " + issue,
        "deployctl diagnose " + issue + " -o json | jq '.findings[0]'",
        "",
        "Exit code 0: healthy. 4: problems. 5: it could not be looked at.");
  }

  /** Declare the options that keep and play answers. */
  public static void recording(
      CommandSpec spec,
      java.util.function.Consumer<@Nullable String> record,
      java.util.function.Consumer<@Nullable String> replay) {
    Args.option(
        spec,
        "--record",
        "<folder>",
        "Keep every answer of AWS and Slack, with secrets masked.",
        record);
    Args.option(
        spec, "--replay", "<folder>", "Take every answer from a recording, offline.", replay);
  }

  /** Put a recording between the program and the rest of the world, where one is asked for. */
  public static void tape(
      DiagnoseContext context, @Nullable String record, @Nullable String replay) {
    if (record != null && replay != null) {
      throw Failure.usage("--record and --replay exclude each other", "Choose one");
    }
    if (record != null) {
      context.tapes().record(Path.of(record));
    }
    if (replay != null) {
      context.tapes().replay(Path.of(replay));
    }
  }

  @Override
  public ExitCode run() {
    tape(context, record, replay);
    Target target = context.targets().find(environment, null);
    DiagnosisEngine diagnostician = new DiagnosisEngine(context);
    DiagnosisEngine.DiagnosisOptions wishes =
        new DiagnosisEngine.DiagnosisOptions(
            healthUrl, template == null ? null : Path.of(template), sendTest);
    Diagnosis diagnosis = diagnostician.examine(issue, target, wishes);
    if (!fix) {
      return show(diagnosis, List.of());
    }
    if (!context.console().json() && !yes && !dryRun) {
      context.console().talk(new DiagnosisView(context.console()).text(diagnosis) + "\n");
    }
    List<Fixer.Fixed> fixed = new Fixer(context.console(), dryRun, yes).fix(diagnosis);
    boolean did = fixed.stream().anyMatch(Fixer.Fixed::done);
    // Looked at again: that a remedy was carried out does not mean that it helped.
    Diagnosis after =
        did
            ? diagnostician.examine(
                issue, target, new DiagnosisEngine.DiagnosisOptions(healthUrl, null, false))
            : diagnosis;
    return show(after, fixed);
  }

  private ExitCode show(Diagnosis diagnosis, List<Fixer.Fixed> fixed) {
    JsonObject json = diagnosis.toJson();
    if (fix) {
      json.put("fixes", fixed.stream().map(Fixer.Fixed::toJson).toList());
    }
    context.console().result(json, () -> new DiagnosisView(context.console()).text(diagnosis));
    summary(diagnosis);
    return diagnosis.exitCode();
  }

  /** A GitHub job is told the first finding, which it can act on. */
  private void summary(Diagnosis diagnosis) {
    List<Finding> problems = diagnosis.findings().stream().filter(Finding::problem).toList();
    context
        .github()
        .outputs(
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
                + finding.remedy().summary());
      }
      context
          .github()
          .summary("### Diagnosis: " + issue + "\n\n" + String.join("\n", lines) + "\n");
    }
  }
}
