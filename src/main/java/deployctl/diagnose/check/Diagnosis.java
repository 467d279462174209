package deployctl.diagnose.check;

import deployctl.cli.ExitCode;
import deployctl.diagnose.finding.Finding;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What came of looking.
 *
 * @param subjectRead whether what the diagnosis is about could be read at all
 * @param findings the one that explains the others first
 */
public record Diagnosis(
    String issue, List<Check> checks, List<Finding> findings, boolean subjectRead) {

  /** Put findings into order, each once. */
  public static Diagnosis of(
      String issue, List<Check> checks, List<Finding> findings, boolean subjectRead) {
    List<Finding> each = new ArrayList<>();
    for (Finding finding : findings) {
      boolean known =
          each.stream()
              .anyMatch(
                  other ->
                      other.code() == finding.code()
                          && java.util.Objects.equals(other.resource(), finding.resource()));
      if (!known) {
        each.add(finding);
      }
    }
    each.sort(
        Comparator.comparing((Finding finding) -> !finding.problem())
            .thenComparing(Finding::role)
            .thenComparing(finding -> finding.code().severity()));
    return new Diagnosis(issue, List.copyOf(checks), List.copyOf(each), subjectRead);
  }

  /** Return {@code healthy}, {@code problem} or {@code unknown}. */
  public String status() {
    return switch (exitCode()) {
      case OK -> "healthy";
      case PROBLEMS -> "problem";
      default -> "unknown";
    };
  }

  /** Return the exit code that says this. */
  public ExitCode exitCode() {
    if (findings.stream().anyMatch(Finding::problem)) {
      return ExitCode.PROBLEMS;
    }
    return subjectRead || !findings.isEmpty() ? ExitCode.OK : ExitCode.UNKNOWN;
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("issue", issue)
        .put("status", status())
        .put("checks", checks.stream().map(Check::toJson).toList())
        .put("findings", findings.stream().map(Finding::toJson).toList());
  }
}
