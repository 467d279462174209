package deployctl.diagnose;

import deployctl.aws.cloudformation.Stack;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.check.DiagnosisOptions;
import deployctl.diagnose.finding.Finding;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Diagnoses for other commands, told on stderr beside what they do. */
public final class DiagnosisReport {
  private final Supplier<DiagnosisEngine> engine;
  private final Console console;
  private final Time time;

  /** Make it; the engine is made at its first use. */
  public DiagnosisReport(Supplier<DiagnosisEngine> engine, Console console, Time time) {
    this.time = time;
    this.engine = engine;
    this.console = console;
  }

  /** Say why a stack's deployment failed. */
  public void stack(Target target) {
    print("stack", target);
  }

  /**
   * What a preflight came to.
   *
   * @param exit OK when nothing stands in the way, ACTIVE when another deployment does
   * @param warned whether something is worth a second thought
   * @param stack what CloudFormation said of the target's stack, where it gave an answer
   * @param at when the preflight began
   */
  public record PreflightResult(
      ExitCode exit, boolean warned, Optional<Optional<Stack>> stack, Instant at) {}

  /**
   * Look whether anything stands in the way of a deployment.
   *
   * @param strict whether a warning counts as a problem
   * @param allowances what the deployment may begin in spite of
   */
  public PreflightResult preflight(
      Target target, String correlationId, boolean strict, DiagnosisOptions.Allowances allowances) {
    Instant began = time.now();
    DiagnosisOptions options =
        new DiagnosisOptions(null, null, false, strict, correlationId, allowances);
    try {
      Diagnosis diagnosis = engine.get().inspect("preflight", target, options);
      console.talk(new DiagnosisView(console).text(diagnosis));
      return new PreflightResult(
          diagnosis.exitCode(),
          diagnosis.warned(),
          CachedAws.orElse(
              Optional.empty(), () -> Optional.of(engine.get().aws().stack(target.stackName()))),
          began);
    } catch (Failure e) {
      console.warn("No preflight: " + e.what());
      return new PreflightResult(ExitCode.UNKNOWN, false, Optional.empty(), began);
    }
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

  private void print(String issue, Target target) {
    try {
      Diagnosis diagnosis = engine.get().inspect(issue, target, DiagnosisOptions.NONE);
      console.talk(new DiagnosisView(console).text(diagnosis));
    } catch (Failure e) {
      console.warn("No diagnosis: " + e.what());
    }
  }
}
