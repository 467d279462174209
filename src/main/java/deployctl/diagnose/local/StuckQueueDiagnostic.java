package deployctl.diagnose.local;

import deployctl.aws.cloudformation.Stack;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.IdleDeployment;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.diagnose.stack.MissingStack;
import deployctl.diagnose.stack.StackRemediations;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.HoldState;
import deployctl.registry.Registry;
import deployctl.registry.RegistryDocument;
import deployctl.support.process.ExternalProgram;
import deployctl.support.text.Shell;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import deployctl.target.Targets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code diagnose stuck-queue}: who holds the lock, and whether they are still at it. */
public final class StuckQueueDiagnostic implements Diagnostic {
  private final Supplier<Registry> registry;
  private final Targets targets;
  private final Supplier<Coordinator> coordinator;
  private final ExternalProgram.ProgramRunner programs;
  private final RegistryDiagnostic registryDiagnostic;
  private final MissingStack missing;

  /** Make it; {@code registry} is one that warns of nothing. */
  public StuckQueueDiagnostic(
      Supplier<Registry> registry,
      Targets targets,
      Supplier<Coordinator> coordinator,
      ExternalProgram.ProgramRunner programs,
      RegistryDiagnostic registryDiagnostic,
      MissingStack missing) {
    this.missing = missing;
    this.registry = registry;
    this.targets = targets;
    this.coordinator = coordinator;
    this.programs = programs;
    this.registryDiagnostic = registryDiagnostic;
  }

  @Override
  public String name() {
    return "stuck-queue";
  }

  @Override
  public String summary() {
    return "Why a deployment waits and nothing happens.";
  }

  @Override
  public int order() {
    return 3;
  }

  @Override
  public boolean usesRules() {
    return true;
  }

  @Override
  public void inspect(DiagnosisRun run) {
    String name = run.target().stackName();
    CheckRunner.CheckAnswer<Optional<Stack>> stackAsked =
        run.checks().ask("stack", () -> run.cached().stack(name), this::seen);
    CheckRunner.CheckAnswer<RegistryDocument> registryAsked =
        run.checks()
            .ask(
                "registry",
                () -> registry.get().read(),
                found ->
                    CheckResult.pass(
                        found.active().count()
                            + " in progress, "
                            + found.queued().count()
                            + " waiting"));
    Optional<Optional<Stack>> stackAnswer = stackAsked.get();
    Optional<RegistryDocument> document = registryAsked.get();
    if (document.isEmpty()) {
      // What is wrong with the registry is why nobody can tell who holds the lock.
      registryDiagnostic.addUnusable(run);
    }
    if (stackAnswer.isPresent()) {
      run.subjectRead();
    }
    Stack stack = stackAnswer.flatMap(found -> found).orElse(null);
    if (stack != null && stack.status().needsCleanup()) {
      run.add(new StackRemediations(run, stack).needsCleanup());
    }
    List<Deployment> entries =
        document.map(RegistryDocument::deployments).orElse(List.of()).stream()
            .filter(entry -> entry.concerns(run.target().environment(), name))
            .toList();
    boolean held =
        entries.stream()
            .anyMatch(
                entry ->
                    entry.status() == DeploymentStatus.IN_PROGRESS
                        && !entry.hold(run.now()).freeable());
    // Who waits for a holder elsewhere has that reason before the other.
    if (stackAnswer.isPresent() && !held && (stack == null || stack.status().deleted())) {
      missing.knownElsewhere(run).ifPresent(run::add);
    }
    boolean known = stackAnswer.isPresent();
    boolean busy = stack != null && stack.status().inProgress();
    entries.stream()
        .filter(entry -> entry.status() == DeploymentStatus.IN_PROGRESS)
        .forEach(entry -> holder(run, entry, known, busy, stack));
    entries.stream()
        .filter(entry -> entry.status() == DeploymentStatus.QUEUED)
        .forEach(entry -> ticket(run, entry));
    boolean registered =
        entries.stream().anyMatch(entry -> entry.status() == DeploymentStatus.IN_PROGRESS);
    if (stack != null && busy && !registered && document.isPresent()) {
      run.add(unregistered(run, stack));
    }
  }

  private CheckResult seen(Optional<Stack> found) {
    if (found.isEmpty()) {
      return CheckResult.pass("there is none");
    }
    Stack stack = found.get();
    return stack.status().needsCleanup()
        ? CheckResult.fail(
            stack.status() + ": it must be cleaned up before anything can be deployed")
        : CheckResult.pass(stack.status().name());
  }

  private void holder(
      DiagnosisRun run, Deployment entry, boolean known, boolean busy, @Nullable Stack stack) {
    HoldState hold = entry.hold(run.now());
    Optional<WorkflowRun> workflow = WorkflowRun.of(run, programs, entry);
    boolean over = workflow.map(WorkflowRun::over).orElse(false);
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "registry: "
            + entry.correlationId()
            + " is "
            + entry.status()
            + (entry.startedAt() == null ? "" : " since " + Timestamps.format(entry.startedAt()))
            + ", "
            + hold.describe(entry));
    if (entry.operationEndedAt() != null && hold != HoldState.ENDED) {
      evidence.add("monitor: " + HoldState.ENDED.describe(entry));
    }
    workflow.ifPresent(w -> evidence.add("GitHub: " + w.describe()));
    boolean elsewhere =
        entry.region() != null
            && run.gateways().region() != null
            && !entry.region().equals(run.gateways().region());
    boolean free = hold.freeable() || over && hold != HoldState.ALIVE;
    boolean atRest = stack == null || stack.status().atRest();
    if (known && atRest && !elsewhere && free) {
      evidence.add(
          "CloudFormation: "
              + (stack == null
                  ? "there is no such stack"
                  : stack.status() + ", nothing is at work"));
      run.checks()
          .tell(
              "entry " + entry.correlationId(),
              CheckResult.fail("stale: nothing is being deployed"));
      run.add(stale(run, entry, evidence));
      return;
    }
    run.checks()
        .tell(
            "entry " + entry.correlationId(),
            !known
                ? new CheckResult(
                    Check.CheckStatus.SKIPPED, "whether it is stale only CloudFormation can tell")
                : CheckResult.pass(
                    hold.freeable()
                        ? hold.describe(entry) + "; CloudFormation is not known to be at rest"
                        : "alive: " + hold.describe(entry)));
    if (known && !elsewhere && IdleDeployment.isIdle(entry, stack, run.now())) {
      run.add(idle(run, entry, evidence, stack));
    } else if (known) {
      run.add(active(run, entry, evidence, busy, stack));
    }
  }

  private Finding stale(DiagnosisRun run, Deployment entry, List<String> evidence) {
    String id = entry.correlationId();
    return Finding.cause(
        FindingCode.STALE_REGISTRY_ENTRY,
        id + " holds the lock of a deployment that is over",
        evidence,
        id,
        Remediation.of(
                "Remove the entry, then deploy",
                run.own("coordinator cleanup " + Shell.quote(id)),
                run.deploy())
            .automatically(
                "Remove the entry " + id + " from the registry?", () -> remove(run, entry)));
  }

  /** The runbook's first problem: a deployment that stands in the queue's way and does nothing. */
  private Finding idle(
      DiagnosisRun run, Deployment entry, List<String> evidence, @Nullable Stack stack) {
    String id = entry.correlationId();
    List<String> all = new ArrayList<>(evidence);
    all.add(
        "CloudFormation: "
            + (stack == null ? "there is no such stack" : stack.status() + lastOperation(stack)));
    return Finding.cause(
        FindingCode.DEPLOYMENT_IDLE,
        id
            + " has held the lock for "
            + Durations.humane(Duration.between(begun(entry, run.now()), run.now()))
            + ", and "
            + IdleDeployment.SENTENCE,
        all,
        id,
        Remediation.of(
            "See that nobody is at it (its workflow run, its author), then free the lock and deploy",
            run.own("coordinator cleanup " + Shell.quote(id)),
            run.deploy()));
  }

  private static Instant begun(Deployment entry, Instant now) {
    Instant started = entry.startedAt() != null ? entry.startedAt() : entry.updatedAt();
    return started == null ? now : started;
  }

  private static String lastOperation(Stack stack) {
    Instant last = stack.operationStartedAt();
    return last == null ? "" : ", its last operation began at " + Timestamps.format(last);
  }

  /**
   * Remove an entry only while it is still the one that was examined, and nobody lives behind it.
   */
  private String remove(DiagnosisRun run, Deployment inspected) {
    int removed =
        registry
            .get()
            .update(
                document ->
                    document.removeIf(
                        entry ->
                            entry.correlationId().equals(inspected.correlationId())
                                && entry.toJson().equals(inspected.toJson())
                                && entry.hold(run.now()) != HoldState.ALIVE));
    if (removed > 0) {
      run.journal("diagnose stuck-queue --fix", inspected.correlationId(), "removed, was stale");
    }
    return removed > 0
        ? inspected.correlationId() + " was removed"
        : inspected.correlationId() + " has changed meanwhile; nothing was done";
  }

  private Finding active(
      DiagnosisRun run,
      Deployment entry,
      List<String> evidence,
      boolean busy,
      @Nullable Stack stack) {
    Instant since = entry.startedAt();
    List<String> all = new ArrayList<>(evidence);
    if (busy && stack != null) {
      all.add("CloudFormation: " + stack.status());
    }
    return new Finding(
        FindingCode.DEPLOYMENT_ACTIVE,
        entry.correlationId()
            + " is deploying"
            + (entry.region() == null || entry.region().equals(run.gateways().region())
                ? ""
                : " in " + entry.region())
            + (since == null
                ? ""
                : ", for " + Durations.humane(Duration.between(since, run.now()))),
        all,
        entry.correlationId(),
        Remediation.of(
            "Wait for it, or watch it",
            entry.region() == null
                ? run.own("monitor run " + Shell.quote(entry.correlationId()))
                : run.ownIn(entry.region(), "monitor run " + Shell.quote(entry.correlationId())),
            run.own("coordinator acquire " + run.target().environment() + " --wait 60m")),
        Finding.FindingRole.STATE);
  }

  private void ticket(DiagnosisRun run, Deployment entry) {
    boolean expired = entry.leaseExpired(run.now());
    boolean dead = entry.ownerDead();
    Optional<WorkflowRun> workflow = WorkflowRun.of(run, programs, entry);
    boolean over = workflow.map(WorkflowRun::over).orElse(false);
    if (!expired && !dead && !over) {
      run.checks()
          .tell(
              "ticket " + entry.correlationId(),
              CheckResult.pass(
                  "waiting its turn" + workflow.map(w -> ", " + w.describe()).orElse("")));
      return;
    }
    String id = entry.correlationId();
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "registry: "
            + id
            + " waits"
            + (entry.queuedAt() == null ? "" : " since " + Timestamps.format(entry.queuedAt()))
            + (expired
                ? ", its lease ran out at " + Timestamps.format(entry.leaseExpiresAt())
                : ""));
    if (dead) {
      evidence.add("its process " + entry.toJson().get("pid") + " is not running any more");
    }
    workflow.ifPresent(w -> evidence.add("GitHub: " + w.describe()));
    run.checks().tell("ticket " + id, CheckResult.fail("nobody waits behind it any more"));
    run.add(
        Finding.cause(
            FindingCode.ORPHANED_QUEUE_TICKET,
            id + " waits in the queue, and nobody is behind it any more",
            evidence,
            id,
            Remediation.of("Remove the ticket", run.own("coordinator cleanup " + Shell.quote(id)))
                .automatically("Remove the ticket " + id + "?", () -> remove(run, entry))));
  }

  private Finding unregistered(DiagnosisRun run, Stack stack) {
    String name = run.target().stackName();
    Remediation remediation =
        Remediation.of(
            "Register what runs, so that others wait for it; then watch it",
            run.own("coordinator repair"),
            run.own("coordinator get-active " + run.target().environment()));
    boolean ofOurs = targets.allTargets().stream().anyMatch(one -> one.stackName().equals(name));
    return Finding.cause(
        FindingCode.UNREGISTERED_DEPLOYMENT,
        "Something deploys " + name + " without being registered",
        List.of(
            "CloudFormation: "
                + stack.status()
                + (stack.operationStartedAt() == null
                    ? ""
                    : " since " + Timestamps.format(stack.operationStartedAt())),
            "registry: no deployment to " + run.target() + " is in progress"),
        name,
        !ofOurs && !targets.allTargets().isEmpty()
            ? remediation
            : remediation.automatically(
                "Register the deployment that CloudFormation shows on " + name + "?",
                () -> {
                  var found = coordinator.get().reconcile(List.of(run.target()));
                  return found.registered().isEmpty()
                      ? "nothing was left to be registered"
                      : found.registered().get(0).correlationId() + " was registered";
                }));
  }
}
