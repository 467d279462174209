package deployctl.diagnose;

import deployctl.cli.ExitCode;
import deployctl.coordinator.Target;
import deployctl.support.Failure;

/** Diagnoses for other commands, told on stderr beside what they do. */
public final class DiagnosePrinter {
  private DiagnosePrinter() {}

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
        new Diagnostician(context).examine("preflight", target, Diagnostician.Wishes.NONE);
    long warnings =
        diagnosis.checks().stream().filter(c -> c.status() == Check.Status.WARN).count();
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
          new Diagnostician(context).examine(issue, target, Diagnostician.Wishes.NONE);
      context.console().talk(new DiagnosisView(context.console()).text(diagnosis));
      return diagnosis.exitCode();
    } catch (Failure e) {
      context.console().warn("No diagnosis: " + e.what());
      return ExitCode.UNKNOWN;
    }
  }
}
