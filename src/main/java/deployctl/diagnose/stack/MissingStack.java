package deployctl.diagnose.stack;

import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.KnownStack;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.diagnose.finding.Severity;
import deployctl.support.text.Shell;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What it means that there is no stack: one that was deployed in another region or account is not
 * missing, the question is asked in the wrong place, and no deployment is let through.
 */
public final class MissingStack {
  private final Supplier<Coordinator> coordinator;

  /** Make it; the coordinator knows where stacks were deployed before. */
  public MissingStack(Supplier<Coordinator> coordinator) {
    this.coordinator = coordinator;
  }

  /** Return the finding on a stack that is known elsewhere alone; empty for one that is not. */
  public Optional<Finding> knownElsewhere(DiagnosisRun run) {
    return coordinator
        .get()
        .knownElsewhere(run.target())
        .map(
            known ->
                new Finding(
                    FindingCode.STACK_NOT_FOUND,
                    "There is no stack "
                        + run.target().stackName()
                        + " here: it was deployed in "
                        + place(known),
                    List.of(
                        "CloudFormation knows no stack of this name in this account and region",
                        "registry and history: "
                            + known.correlationId()
                            + " deployed it in "
                            + place(known)),
                    run.target().stackName(),
                    remediation(run, known),
                    Finding.FindingRole.STATE,
                    Severity.HIGH));
  }

  private static Remediation remediation(DiagnosisRun run, KnownStack known) {
    String only = "'coordinator run' makes it here only with --new-stack";
    return known.region().equals(run.gateways().region())
        ? Remediation.of(
            "Ask with credentials of that account (--profile, AWS_PROFILE); " + only,
            run.aws("sts get-caller-identity"))
        : Remediation.of(
            "Ask where it is; " + only,
            run.ownIn(
                known.region(), "diagnose stack --stack " + Shell.quote(run.target().stackName())));
  }

  private static String place(KnownStack known) {
    return known.region() + (known.account() == null ? "" : ", account " + known.account());
  }
}
