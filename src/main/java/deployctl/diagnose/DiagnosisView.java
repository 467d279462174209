package deployctl.diagnose;

import deployctl.cli.Console;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.Check.CheckStatus;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.finding.Finding;
import deployctl.support.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows a diagnosis to a person: the findings first, then what was looked at. */
final class DiagnosisView {
  private final Console console;

  DiagnosisView(Console console) {
    this.console = console;
  }

  String text(Diagnosis diagnosis) {
    StringBuilder text = new StringBuilder(headline(diagnosis));
    Failure outage = diagnosis.outage();
    if (outage != null) {
      // Once, and not again for each question that had no answer.
      text.append(": AWS could not be asked. ").append(Console.plain(outage.whatAndNext()));
    }
    int number = 0;
    for (Finding finding : diagnosis.findings()) {
      number++;
      text.append("\n\n").append(finding(number, finding));
    }
    List<Check> shown = shown(diagnosis);
    if (!shown.isEmpty()) {
      text.append("\n\nLooked at:");
      for (Check check : shown) {
        text.append("\n  ")
            .append(mark(check.status()))
            .append(" ")
            .append(Console.plain(check.name()))
            .append(": ")
            .append(Console.plain(check.detail()));
      }
    }
    return text.toString();
  }

  private String headline(Diagnosis diagnosis) {
    long problems = diagnosis.findings().stream().filter(Finding::problem).count();
    problems +=
        diagnosis.strict()
            ? diagnosis.checks().stream().filter(c -> c.status() == CheckStatus.WARN).count()
            : 0;
    return switch (diagnosis.exitCode()) {
      case OK ->
          console.paint("green", "healthy") + ": " + diagnosis.issue() + unanswered(diagnosis);
      case PROBLEMS, ACTIVE ->
          console.paint("bold,red", problems == 1 ? "1 problem" : problems + " problems")
              + ": "
              + diagnosis.issue()
              + counted(diagnosis)
              + unanswered(diagnosis);
      default ->
          console.paint("yellow", "unknown")
              + ": "
              + diagnosis.issue()
              + (diagnosis.outage() == null ? " could not be looked at" : "");
    };
  }

  /** What was not answered is not known to be well, however healthy the rest is. */
  private static String unanswered(Diagnosis diagnosis) {
    List<String> names =
        diagnosis.checks().stream()
            .filter(check -> check.status() == CheckStatus.ERROR)
            .map(Check::name)
            .toList();
    return names.isEmpty() || diagnosis.outage() != null
        ? ""
        : Console.plain("; without an answer: " + String.join(", ", names));
  }

  /** Which warnings are problems because they were asked to be. */
  private static String counted(Diagnosis diagnosis) {
    List<String> names =
        diagnosis.checks().stream()
            .filter(check -> diagnosis.strict() && check.status() == CheckStatus.WARN)
            .map(Check::name)
            .toList();
    return names.isEmpty()
        ? ""
        : Console.plain("; --strict counts the warning of: " + String.join(", ", names));
  }

  private String finding(int number, Finding finding) {
    String colour =
        switch (finding.severity()) {
          case HIGH -> "bold,red";
          case MEDIUM -> "bold,yellow";
          case LOW -> "bold";
          case INFO -> "bold,green";
        };
    StringBuilder text = new StringBuilder();
    text.append(number)
        .append(". ")
        .append(console.paint(colour, finding.code().name()))
        .append(" (")
        .append(finding.severity().name().toLowerCase(Locale.ROOT))
        .append(") ")
        .append(Console.plain(finding.title()));
    for (String line : finding.evidence()) {
      text.append("\n     ").append(Console.plain(line));
    }
    text.append("\n   ")
        .append(console.paint("bold", "What to do:"))
        .append(" ")
        .append(Console.plain(finding.remediation().summary()));
    for (String command : finding.remediation().commands()) {
      text.append("\n     $ ").append(Console.plain(command));
    }
    if (finding.remediation().fix() != null) {
      text.append("\n   --fix does this.");
    }
    return text.toString();
  }

  /** Of a healthy thing everything that was looked at; of another, what is not as it should be. */
  private static List<Check> shown(Diagnosis diagnosis) {
    List<Check> shown = new ArrayList<>();
    boolean all = diagnosis.checks().size() <= 12 || diagnosis.findings().isEmpty();
    for (Check check : diagnosis.checks()) {
      boolean outage = diagnosis.outage() != null && check.status() == CheckStatus.ERROR;
      if (!outage && (all || check.status() != CheckStatus.PASS)) {
        shown.add(check);
      }
    }
    return shown;
  }

  private String mark(CheckStatus status) {
    return switch (status) {
      case PASS -> console.paint("green", "ok   ");
      case FAIL -> console.paint("red", "fail ");
      case WARN -> console.paint("yellow", "warn ");
      case SKIPPED -> "skip ";
      case ERROR -> console.paint("yellow", "error");
    };
  }
}
