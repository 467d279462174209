package deployctl.diagnose;

import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.check.DiagnosisOptions;
import deployctl.diagnose.finding.Finding;
import deployctl.support.Failure;
import deployctl.target.Target;
import java.util.function.Supplier;

/** Diagnoses for other commands, told on stderr beside what they do. */
public final class DiagnosisReport {
  private final Supplier<DiagnosisEngine> engine;
  private final Console console;

  /** Make it; the engine is made at its first use. */
  public DiagnosisReport(Supplier<DiagnosisEngine> engine, Console console) {
    this.engine = engine;
    this.console = console;
  }

  /** Say why a stack's deployment failed. */
  public void stack(Target target) {
    print("stack", target);
  }

  /** Look whether anything stands in the way; returns whether nothing does. */
  public boolean preflight(Target target) {
    return print("preflight", target) == ExitCode.OK;
  }

  /** Return what a preflight found, in a few words, without telling it. */
  public String preflightMessage(Target target) {
    Diagnosis diagnosis = engine.get().inspect("preflight", target, DiagnosisOptions.NONE);
    long warnings =
        diagnosis.checks().stream().filter(c -> c.status() == Check.CheckStatus.WARN).count();
    String findings =
        String.join(
            ", ",
            diagnosis.findings().stream()
                .filter(Finding::problem)
                .map(finding -> finding.code() + " (" + finding.title() + ")")
                .toList());
    return findings.isEmpty()
        ? diagnosis.status()
            + (warnings == 0 ? "" : ", " + warnings + (warnings == 1 ? " warning" : " warnings"))
        : findings;
  }

  private ExitCode print(String issue, Target target) {
    try {
      Diagnosis diagnosis = engine.get().inspect(issue, target, DiagnosisOptions.NONE);
      console.talk(new DiagnosisView(console).text(diagnosis));
      return diagnosis.exitCode();
    } catch (Failure e) {
      console.warn("No diagnosis: " + e.what());
      return ExitCode.UNKNOWN;
    }
  }
}
