package deployctl.diagnose;

import deployctl.cli.ExitCode;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.finding.Finding;
import deployctl.support.Failure;
import deployctl.target.Target;

/** Diagnoses for other commands, told on stderr beside what they do. */
public final class DiagnosisPrinter {
  private DiagnosisPrinter() {}

  /** Say why a stack's deployment failed. */
  public static void stack(DiagnoseContext context, Target target) {
    print(context, "stack", target);
  }

  /** Look whether anything stands in the way; returns whether nothing does. */
  public static boolean preflight(DiagnoseContext context, Target target) {
    return print(context, "preflight", target) == ExitCode.OK;
  }

  /** Return what a preflight found, in a few words, without telling it. */
  public static String preflightWords(DiagnoseContext context, Target target) {
    Diagnosis diagnosis =
        new DiagnosisEngine(context)
            .examine("preflight", target, DiagnosisEngine.DiagnosisOptions.NONE);
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

  private static ExitCode print(DiagnoseContext context, String issue, Target target) {
    try {
      Diagnosis diagnosis =
          new DiagnosisEngine(context)
              .examine(issue, target, DiagnosisEngine.DiagnosisOptions.NONE);
      context.console().talk(new DiagnosisView(context.console()).text(diagnosis));
      return diagnosis.exitCode();
    } catch (Failure e) {
      context.console().warn("No diagnosis: " + e.what());
      return ExitCode.UNKNOWN;
    }
  }
}
