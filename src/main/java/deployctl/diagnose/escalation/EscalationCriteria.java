package deployctl.diagnose.escalation;

import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Severity;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * When somebody else has to be called: the runbook's criteria, as far as they can be seen from
 * here.
 */
final class EscalationCriteria {
  /** The runbook: a production outage of more than an hour. */
  private static final Duration OUTAGE = Duration.ofHours(1);

  private static final Set<FindingCode> DATA_AT_RISK =
      Set.of(
          FindingCode.STORAGE_FULL, FindingCode.KEY_INACCESSIBLE, FindingCode.INCOMPATIBLE_RESTORE);

  private static final Set<FindingCode> AWS_ITSELF =
      Set.of(
          FindingCode.RDS_CREATION_SLOW,
          FindingCode.INSUFFICIENT_CAPACITY,
          FindingCode.THROTTLED,
          FindingCode.RESOURCE_STUCK);

  private EscalationCriteria() {}

  /** Return which criteria are met, one line each; empty for none. */
  static List<String> met(EscalationReport.Subject subject, Diagnosis diagnosis) {
    List<String> met = new ArrayList<>();
    Instant since = subject.failingSince();
    boolean problems =
        diagnosis.findings().stream()
            .anyMatch(finding -> finding.problem() && finding.severity() == Severity.HIGH);
    if (problems && since != null) {
      Duration length = Duration.between(since, subject.now());
      if (length.compareTo(OUTAGE) > 0) {
        met.add(
            "it has gone on for "
                + Durations.humane(length)
                + "; escalate what lasts longer than an hour in "
                + subject.target().environment());
      }
    }
    for (Finding finding : diagnosis.findings()) {
      if (DATA_AT_RISK.contains(finding.code())) {
        met.add("data may be lost: " + finding.code() + ", " + finding.title());
      }
      if (AWS_ITSELF.contains(finding.code())) {
        met.add("AWS itself may be the reason: " + finding.code() + ", " + finding.title());
      }
    }
    return met;
  }
}
