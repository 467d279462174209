package deployctl.diagnose.check;

import deployctl.cli.ExitCode;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of looking.
 *
 * @param subjectRead whether what the diagnosis is about could be read at all
 * @param findings the one that explains the others first
 * @param strict whether a warning counts as a problem
 * @param outage why AWS could not be asked at all, or null when it answered something
 */
public record Diagnosis(
    String issue,
    List<Check> checks,
    List<Finding> findings,
    boolean subjectRead,
    boolean strict,
    @Nullable Failure outage) {

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
            .thenComparing(finding -> finding.severity()));
    return new Diagnosis(issue, List.copyOf(checks), List.copyOf(each), subjectRead, false, null);
  }

  /** Return the same, with warnings that count as problems. */
  public Diagnosis strictly(boolean wanted) {
    return new Diagnosis(issue, checks, findings, subjectRead, wanted, outage);
  }

  /** Return the same, seen while AWS could not be asked; null for no outage. */
  public Diagnosis during(@Nullable Failure away) {
    return new Diagnosis(issue, checks, findings, subjectRead, strict, away);
  }

  /** Tell whether something is not as it should be and yet no finding. */
  public boolean warned() {
    return checks.stream().anyMatch(check -> check.status() == Check.CheckStatus.WARN);
  }

  /** Return {@code healthy}, {@code problem} or {@code unknown}. */
  public String status() {
    return switch (exitCode()) {
      case OK -> "healthy";
      case PROBLEMS, ACTIVE -> "problem";
      default -> "unknown";
    };
  }

  /** Return the exit code that says this. */
  public ExitCode exitCode() {
    if (findings.stream()
        .anyMatch(one -> one.problem() && one.code() == FindingCode.DEPLOYMENT_ACTIVE)) {
      return ExitCode.ACTIVE;
    }
    if (outage != null) {
      return ExitCode.UNKNOWN;
    }
    if (findings.stream().anyMatch(Finding::problem) || strict && warned()) {
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
