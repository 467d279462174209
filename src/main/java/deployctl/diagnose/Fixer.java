package deployctl.diagnose;

import deployctl.cli.Console;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Carries out the remediations that need no person, each asked for by itself. */
final class Fixer {
  private final Console console;
  private final boolean dryRun;
  private final boolean yes;

  Fixer(Console console, boolean dryRun, boolean yes) {
    this.console = console;
    this.dryRun = dryRun;
    this.yes = yes;
  }

  /** What became of a remediation. */
  record Fixed(FindingCode code, boolean done, String detail) {
    JsonObject toJson() {
      return new JsonObject().put("code", code.name()).put("done", done).put("detail", detail);
    }
  }

  List<Fixed> fix(Diagnosis diagnosis) {
    List<Fixed> fixed = new ArrayList<>();
    for (Finding finding : diagnosis.findings()) {
      Remediation.Fix fix = finding.remediation().fix();
      if (fix == null) {
        continue;
      }
      if (dryRun) {
        fixed.add(new Fixed(finding.code(), false, "would be asked: " + fix.question()));
      } else if (!console.confirm(fix.question(), yes)) {
        fixed.add(new Fixed(finding.code(), false, "left as it is"));
      } else {
        fixed.add(apply(finding, fix));
      }
      Fixed last = fixed.get(fixed.size() - 1);
      console.note(last.code() + ": " + last.detail());
    }
    if (fixed.isEmpty() && diagnosis.findings().stream().anyMatch(Finding::problem)) {
      console.note("nothing here can be mended without a person");
    }
    return fixed;
  }

  private static Fixed apply(Finding finding, Remediation.Fix fix) {
    try {
      return new Fixed(finding.code(), true, fix.action().get());
    } catch (Failure e) {
      return new Fixed(finding.code(), false, "failed: " + e.whatAndNext());
    }
  }
}
