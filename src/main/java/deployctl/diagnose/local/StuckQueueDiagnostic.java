package deployctl.diagnose.local;

import deployctl.aws.cloudformation.Stack;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.escalation.WorkflowRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.diagnose.stack.StackRemediations;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.Registry;
import deployctl.registry.RegistryDocument;
import deployctl.support.text.Shell;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import deployctl.target.Targets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code diagnose stuck-queue}: who holds the place, and whether they are still at it. */
public final class StuckQueueDiagnostic implements Diagnostic {
  @Override
  public void examine(DiagnosisRun run) {
    String name = run.target().stackName();
    CheckRunner.CheckAnswer<Optional<Stack>> stackAsked =
        run.checks().ask("stack", () -> run.facts().stack(name), StuckQueueDiagnostic::seen);
    CheckRunner.CheckAnswer<RegistryDocument> registryAsked =
        run.checks()
            .ask(
                "registry",
                () -> run.context().quietRegistry().get().read(),
                document ->
                    CheckResult.pass(
                        document.active().count()
                            + " in progress, "
                            + document.queued().count()
                            + " waiting"));
    Optional<Optional<Stack>> stackAnswer = stackAsked.get();
    Optional<RegistryDocument> registry = registryAsked.get();
    if (registry.isEmpty()) {
      // What is wrong with the registry is why nobody can tell who holds the place.
      RegistryDiagnostic.unusable(run);
    }
    if (stackAnswer.isPresent()) {
      run.subjectRead();
    }
    Stack stack = stackAnswer.flatMap(found -> found).orElse(null);
    if (stack != null && stack.status().needsCleanup()) {
      run.add(new StackRemediations(run, stack).needsCleanup());
    }
    List<Deployment> entries =
        registry.map(RegistryDocument::deployments).orElse(List.of()).stream()
            .filter(entry -> entry.concerns(run.target().environment(), name))
            .toList();
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
    if (stack != null && busy && !registered && registry.isPresent()) {
      run.add(unregistered(run, stack));
    }
  }

  private static CheckResult seen(Optional<Stack> found) {
    if (found.isEmpty()) {
      return CheckResult.pass("there is none");
    }
    Stack stack = found.get();
    return stack.status().needsCleanup()
        ? CheckResult.fail(
            stack.status() + ": it must be cleaned up before anything can be deployed")
        : CheckResult.pass(stack.status().name());
  }

  private static void holder(
      DiagnosisRun run,
      Deployment entry,
      boolean known,
      boolean busy,
      @org.jspecify.annotations.Nullable Stack stack) {
    boolean expired = entry.leaseExpired(run.now());
    boolean dead = entry.ownerDead();
    Optional<WorkflowRun> workflow = WorkflowRun.of(run, entry);
    boolean over = workflow.map(WorkflowRun::over).orElse(false);
    String lease =
        (expired ? "its lease ran out at " : "its lease runs until ")
            + Timestamps.format(entry.leaseExpiresAt());
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "registry: "
            + entry.correlationId()
            + " is "
            + entry.status()
            + (entry.startedAt() == null ? "" : " since " + Timestamps.format(entry.startedAt()))
            + ", "
            + lease);
    if (dead) {
      evidence.add("its process " + entry.toJson().get("pid") + " is not running any more");
    }
    workflow.ifPresent(w -> evidence.add("GitHub: " + w.words()));
    boolean elsewhere =
        entry.region() != null
            && run.context().region() != null
            && !entry.region().equals(run.context().region());
    if (known && !busy && !elsewhere && (expired || dead || over)) {
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
                : CheckResult.pass("alive: " + lease));
    if (known) {
      run.add(active(run, entry, evidence, busy, stack));
    }
  }

  private static Finding stale(DiagnosisRun run, Deployment entry, List<String> evidence) {
    String id = entry.correlationId();
    return Finding.cause(
        FindingCode.STALE_REGISTRY_ENTRY,
        id + " holds the place of a deployment that is over",
        evidence,
        id,
        Remediation.of(
                "Remove the entry, then deploy",
                run.own("coordinator cleanup " + Shell.quote(id)),
                run.deploy())
            .automatically(
                "Remove the entry " + id + " from the registry?", () -> remove(run, entry)));
  }

  /** Remove an entry only while it is still the one that was judged. */
  private static String remove(DiagnosisRun run, Deployment judged) {
    Registry registry = run.context().quietRegistry().get();
    int removed =
        registry.update(
            document ->
                document.removeIf(
                    entry ->
                        entry.correlationId().equals(judged.correlationId())
                            && entry.toJson().equals(judged.toJson())));
    if (removed > 0) {
      run.context()
          .journal()
          .get()
          .record("diagnose stuck-queue --fix", judged.correlationId(), "removed, was stale");
    }
    return removed > 0
        ? judged.correlationId() + " was removed"
        : judged.correlationId() + " has changed meanwhile; nothing was done";
  }

  private static Finding active(
      DiagnosisRun run,
      Deployment entry,
      List<String> evidence,
      boolean busy,
      @org.jspecify.annotations.Nullable Stack stack) {
    Instant since = entry.startedAt();
    List<String> all = new ArrayList<>(evidence);
    if (busy && stack != null) {
      all.add("CloudFormation: " + stack.status());
    }
    return new Finding(
        FindingCode.DEPLOYMENT_ACTIVE,
        entry.correlationId()
            + " is deploying"
            + (since == null
                ? ""
                : " since " + Durations.humane(Duration.between(since, run.now()))),
        all,
        entry.correlationId(),
        Remediation.of(
            "Wait for it, or watch it",
            run.own("monitor run " + Shell.quote(entry.correlationId())),
            run.own("coordinator acquire " + run.target().environment() + " --wait 60m")),
        Finding.Place.STATE);
  }

  private static void ticket(DiagnosisRun run, Deployment entry) {
    boolean expired = entry.leaseExpired(run.now());
    boolean dead = entry.ownerDead();
    Optional<WorkflowRun> workflow = WorkflowRun.of(run, entry);
    boolean over = workflow.map(WorkflowRun::over).orElse(false);
    if (!expired && !dead && !over) {
      run.checks()
          .tell(
              "ticket " + entry.correlationId(),
              CheckResult.pass(
                  "waiting its turn" + workflow.map(w -> ", " + w.words()).orElse("")));
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
    workflow.ifPresent(w -> evidence.add("GitHub: " + w.words()));
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

  private static Finding unregistered(DiagnosisRun run, Stack stack) {
    String name = run.target().stackName();
    Targets targets = run.context().targets();
    Remediation remedy =
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
            ? remedy
            : remedy.automatically(
                "Register the deployment that CloudFormation shows on " + name + "?",
                () -> {
                  var found = run.context().coordinator().get().reconcile(List.of(run.target()));
                  return found.registered().isEmpty()
                      ? "nothing was left to be registered"
                      : found.registered().get(0).correlationId() + " was registered";
                }));
  }
}
