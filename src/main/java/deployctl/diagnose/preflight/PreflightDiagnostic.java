package deployctl.diagnose.preflight;

import deployctl.aws.SecretDescription;
import deployctl.aws.cloudformation.Stack;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.check.DiagnosticOption;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.diagnose.finding.Severity;
import deployctl.diagnose.local.RegistryDiagnostic;
import deployctl.diagnose.stack.MissingStack;
import deployctl.diagnose.stack.StackRemediations;
import deployctl.operation.Template;
import deployctl.registry.KnownLeftOvers;
import deployctl.registry.Registry;
import deployctl.slack.Slack;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.LocalFile;
import deployctl.support.text.Shell;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code diagnose preflight}: whether anything stands in the way of a deployment, or was left over.
 * What only looks odd is a warning, and no problem.
 */
public final class PreflightDiagnostic implements Diagnostic {
  /** CloudFormation quotas: size of a template in the request, and in S3; resources in it. */
  private static final int MOST_BYTES_INLINE = 51_200;

  private static final int MOST_BYTES = 1_000_000;
  private static final int MOST_RESOURCES = 500;

  /** What a deployment of the service needs at least, in vCPU. */
  private static final double LEAST_VCPU = 1;

  private final RegistryDiagnostic registryDiagnostic;
  private final Supplier<Registry> registry;
  private final Supplier<Slack> slack;
  private final Supplier<KnownLeftOvers> leftOvers;
  private final Targets targets;
  private final MissingStack missing;
  private final BooleanSupplier slackOn;

  /** Make it; {@code registry} is one that warns of nothing. */
  public PreflightDiagnostic(
      RegistryDiagnostic registryDiagnostic,
      Supplier<Registry> registry,
      Supplier<Slack> slack,
      Supplier<KnownLeftOvers> leftOvers,
      Targets targets,
      MissingStack missing,
      BooleanSupplier slackOn) {
    this.missing = missing;
    this.slackOn = slackOn;
    this.targets = targets;
    this.leftOvers = leftOvers;
    this.registryDiagnostic = registryDiagnostic;
    this.registry = registry;
    this.slack = slack;
  }

  @Override
  public String name() {
    return "preflight";
  }

  @Override
  public String summary() {
    return "Whether anything stands in the way of a deployment.";
  }

  @Override
  public int order() {
    return ALONE;
  }

  @Override
  public Set<DiagnosticOption> options() {
    return Set.of(
        DiagnosticOption.TEMPLATE, DiagnosticOption.STRICT, DiagnosticOption.CORRELATION_ID);
  }

  @Override
  public boolean usesRules() {
    return true;
  }

  @Override
  public boolean fixes() {
    return false;
  }

  @Override
  public void inspect(DiagnosisRun run) {
    CachedAws aws = run.cached();
    String stackName = run.target().stackName();
    CheckRunner.CheckAnswer<Optional<Stack>> stack =
        run.checks().ask("stack", () -> aws.stack(stackName), this::seenStack);
    List<Finding> ofRegistry = registry(run);
    Optional<Stack> found = stack.get().orElse(Optional.empty());
    if (stack.get().isPresent()) {
      run.subjectRead();
    }
    if (run.findings().stream().noneMatch(PreflightDiagnostic::active)) {
      found.ifPresent(there -> state(run, there));
    }
    if (run.findings().stream().noneMatch(PreflightDiagnostic::active)) {
      // What is wrong with the registry is no news for who has to wait for its holder anyway.
      ofRegistry.stream()
          .filter(
              finding ->
                  finding.code() != FindingCode.REGISTRY_NOT_SHARED
                      || !run.options().allowances().local())
          .forEach(run::add);
      others(run, stack.get().isPresent(), found.orElse(null));
    }
    String id = run.options().correlationId();
    run.journal(
        "diagnose preflight",
        id == null ? run.target().toString() : id,
        run.findings().stream().filter(Finding::problem).count() + " problems");
  }

  private static boolean active(Finding finding) {
    return finding.code() == FindingCode.DEPLOYMENT_ACTIVE && finding.problem();
  }

  /**
   * Look at all else.
   *
   * @param known whether AWS told of the stack
   */
  private void others(DiagnosisRun run, boolean known, @Nullable Stack stack) {
    CachedAws aws = run.cached();
    List<CheckRunner.CheckAnswer<?>> asked = new ArrayList<>();
    asked.add(run.checks().ask("identity", aws::identity, CheckResult::pass));
    asked.add(
        run.checks()
            .ask("secrets", () -> aws.secretsNamed(run.names().secrets()), this::seenSecrets));
    CheckRunner.CheckAnswer<OptionalDouble> quota =
        run.checks()
            .ask(
                "fargate quota",
                () -> aws.quota("fargate", run.names().fargateQuota()),
                this::seenQuota);
    asked.add(quota);
    if (known && (stack == null || stack.status().deleted())) {
      if (!run.options().allowances().newStack()) {
        missing.knownElsewhere(run).ifPresent(run::add);
      }
      new LeftOverInspection(
              run, leftOvers.get(), targets.allTargets().stream().map(Target::stackName).toList())
          .inspect();
    }
    for (String name : run.names().requiredSecrets()) {
      required(run, name);
    }
    asked.forEach(CheckRunner.CheckAnswer::get);
    quota
        .get()
        .filter(value -> value.isPresent() && value.getAsDouble() < LEAST_VCPU)
        .ifPresent(value -> run.add(noQuota(run, value.getAsDouble())));
    LocalFile template = run.options().template();
    if (template != null) {
      template(run, template);
    }
    slack(run);
  }

  private CheckResult seenStack(Optional<Stack> found) {
    return found
        .map(
            stack ->
                replaced(stack)
                    ? CheckResult.warn(
                        stack.status() + ": 'coordinator run' has it replaced, as CDK does")
                    : stack.status().needsCleanup()
                        ? CheckResult.fail(stack.status() + ": it must be cleaned up first")
                        : stack.status().inProgress()
                            ? CheckResult.fail(stack.status() + ": CloudFormation is at work on it")
                            : stack.status().halfway()
                                ? CheckResult.warn(
                                    stack.status()
                                        + ": its last update was not rolled back; only an update without rollback ('cdk deploy --no-rollback') goes on from there, or 'aws cloudformation rollback-stack' first")
                                : CheckResult.pass(stack.status().name()))
        .orElse(CheckResult.pass("there is none"));
  }

  private CheckResult seenSecrets(List<SecretDescription> found) {
    List<String> dying =
        found.stream().filter(s -> s.deletedAt() != null).map(SecretDescription::name).toList();
    return dying.isEmpty()
        ? CheckResult.pass(
            found.isEmpty()
                ? "none"
                : String.join(", ", found.stream().map(SecretDescription::name).toList()))
        : CheckResult.warn(
            "scheduled to be deleted, and their names are taken until then: "
                + String.join(", ", dying));
  }

  private CheckResult seenQuota(OptionalDouble value) {
    return value.isPresent()
        ? CheckResult.of(value.getAsDouble() >= LEAST_VCPU, (long) value.getAsDouble() + " vCPU")
        : CheckResult.skipped("AWS knows no such quota");
  }

  private void state(DiagnosisRun run, Stack stack) {
    if (stack.status().needsCleanup()
        && !replaced(stack)
        && !run.options().allowances().cleanup()) {
      run.add(new StackRemediations(run, stack).needsCleanup());
    } else if (stack.status().inProgress()) {
      run.add(
          new Finding(
              FindingCode.DEPLOYMENT_ACTIVE,
              stack.name() + " is " + stack.status(),
              List.of("CloudFormation: " + stack.status()),
              stack.name(),
              Remediation.of(
                  "Wait for it", run.own("coordinator wait " + run.target().environment() + " 60")),
              Finding.FindingRole.STATE,
              Severity.HIGH));
    }
  }

  /** CDK replaces a stack whose first creation was rolled back, and a run lets it. */
  private static boolean replaced(Stack stack) {
    return stack.status().name().equals("ROLLBACK_COMPLETE");
  }

  private void required(DiagnosisRun run, String name) {
    run.checks()
        .ask(
            "required secret " + name,
            () -> run.cached().secret(name),
            found -> CheckResult.of(usable(found), usable(found) ? "there" : "missing"))
        .get()
        .filter(found -> !usable(found))
        .ifPresent(
            found ->
                run.add(
                    Finding.cause(
                        FindingCode.SECRET_NOT_FOUND,
                        found.isEmpty()
                            ? "The secret " + name + " does not exist"
                            : "The secret " + name + " is scheduled to be deleted",
                        List.of("secrets.required in deployctl.yml names it"),
                        name,
                        found.isEmpty()
                            ? Remediation.of(
                                "Create it",
                                "read -rs SECRET && "
                                    + run.aws(
                                        "secretsmanager create-secret --name " + Shell.quote(name))
                                    + " --secret-string file://<(printf %s \"$SECRET\"); unset SECRET")
                            : Remediation.of(
                                "Take the deletion back",
                                run.aws(
                                    "secretsmanager restore-secret --secret-id "
                                        + Shell.quote(name))))));
  }

  private boolean usable(Optional<SecretDescription> found) {
    return found.filter(secret -> secret.deletedAt() == null).isPresent();
  }

  private Finding noQuota(DiagnosisRun run, double value) {
    return Finding.cause(
        FindingCode.QUOTA_EXCEEDED,
        "The account's Fargate quota is " + value + " vCPU",
        List.of("Service Quotas: fargate " + run.names().fargateQuota() + " = " + value),
        run.names().fargateQuota(),
        Remediation.of(
            "Ask for a higher quota",
            run.aws(
                "service-quotas request-service-quota-increase --service-code fargate --quota-code "
                    + Shell.quote(run.names().fargateQuota())
                    + " --desired-value 16")));
  }

  private void template(DiagnosisRun run, LocalFile file) {
    String text;
    try {
      text = file.read();
    } catch (IOException e) {
      throw Failure.usage(file + " cannot be read: " + FileErrors.reason(e), "Check --template");
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    int resources = Template.parse(text).resources().size();
    boolean fits = bytes <= MOST_BYTES && resources <= MOST_RESOURCES && resources > 0;
    String message = bytes + " bytes, " + resources + " resources";
    run.checks()
        .tell(
            "template limits",
            !fits
                ? CheckResult.fail(message)
                : bytes > MOST_BYTES_INLINE
                    ? CheckResult.warn(
                        message + "; over 51,200 bytes it has to go through S3, as CDK does")
                    : CheckResult.pass(message));
    if (!fits) {
      run.add(
          invalid(
              run,
              file,
              resources == 0
                  ? "no resources were found in it"
                  : message + "; 1,000,000 bytes and 500 resources are allowed"));
    }
    if (bytes > MOST_BYTES_INLINE) {
      run.checks()
          .tell(
              "template",
              CheckResult.skipped("CloudFormation checks only what fits into a request"));
      return;
    }
    CheckRunner.CheckAnswer<List<String>> answer =
        run.checks()
            .ask(
                "template",
                () -> validated(run, text),
                said -> said.isEmpty() ? CheckResult.pass("valid") : CheckResult.fail(said.get(0)));
    answer
        .get()
        .filter(said -> !said.isEmpty())
        .ifPresent(said -> run.add(invalid(run, file, said.get(0))));
  }

  private List<String> validated(DiagnosisRun run, String text) {
    try {
      run.gateways().stacks().get().validate(text);
      return List.of();
    } catch (deployctl.aws.client.AwsFailure e) {
      boolean invalid =
          e.problem() == deployctl.aws.client.AwsErrorKind.REJECTED
              || e.problem() == deployctl.aws.client.AwsErrorKind.NOT_FOUND;
      if (invalid) {
        return List.of(e.what());
      }
      throw e;
    }
  }

  private Finding invalid(DiagnosisRun run, LocalFile file, String why) {
    return Finding.cause(
        FindingCode.INVALID_PARAMETER,
        "The template is not one that CloudFormation takes",
        List.of(file + ": " + DiagnosisRun.quoted(why)),
        file.toString(),
        Remediation.of(
            "Correct it in the CDK code, then look again",
            "npx cdk synth",
            run.own("diagnose preflight --template " + Shell.quote(file.toString()))));
  }

  /**
   * Look at the registry, and add who is active by it. One that is not there yet is made by the
   * first deployment.
   *
   * @return what is wrong with it
   */
  private List<Finding> registry(DiagnosisRun run) {
    DiagnosisRun part = run.part("registry");
    registryDiagnostic.inspectBeforeDeployment(part);
    try {
      registry
          .get()
          .read()
          .active()
          .filter(entry -> !entry.hold(run.now()).freeable())
          .filter(entry -> !entry.correlationId().equals(run.options().correlationId()))
          .filter(entry -> entry.concerns(run.target().environment(), run.target().stackName()))
          .forEach(entry -> run.add(active(run, entry)));
    } catch (deployctl.state.StateUnavailable e) {
      // Told by the registry's own checks.
      return part.findings();
    }
    return part.findings();
  }

  private Finding active(DiagnosisRun run, deployctl.registry.Deployment entry) {
    return new Finding(
        FindingCode.DEPLOYMENT_ACTIVE,
        entry.correlationId() + " holds the deployment lock",
        List.of("registry: " + entry.correlationId() + " is " + entry.status()),
        entry.correlationId(),
        Remediation.of(
            "Wait for it", run.own("coordinator wait " + run.target().environment() + " 60")),
        Finding.FindingRole.STATE,
        Severity.HIGH);
  }

  /** Slack never stands in the way of a deployment. */
  private void slack(DiagnosisRun run) {
    if (!slackOn.getAsBoolean()) {
      run.checks().tell("slack", CheckResult.skipped("switched off (slack.enabled)"));
      return;
    }
    run.checks()
        .ask(
            "slack",
            () -> {
              try {
                return CheckResult.pass(slack.get().identity().user());
              } catch (deployctl.slack.SlackFailure e) {
                return CheckResult.warn(e.what());
              }
            },
            seen -> seen)
        .get();
  }
}
