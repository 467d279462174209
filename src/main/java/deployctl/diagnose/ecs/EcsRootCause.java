package deployctl.diagnose.ecs;

import deployctl.aws.EcsCluster;
import deployctl.aws.EcsService;
import deployctl.aws.EcsTask;
import deployctl.aws.TaskDefinition;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleField;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a service is not steady: its deployment, the stopped tasks of that deployment, their
 * containers, the last lines of their output, and what the task definition names.
 */
final class EcsRootCause {
  /**
   * After so long without a word on why, a deployment that is not steady is a finding by itself.
   */
  private static final Duration LONG = Duration.ofMinutes(20);

  private final EcsInspection inspection;
  private final DiagnosisRun run;
  private final @Nullable EcsService service;
  private final boolean steady;
  private final @Nullable Instant failedSince;
  private final EcsRemediations remediations;
  private final KeptEvidence kept;

  /**
   * Make a search.
   *
   * @param service the service, or null when it is gone and only its tasks tell
   * @param failedSince when the operation began in which it failed, although it may be steady again
   *     since it was rolled back; null when only what it is now counts
   */
  EcsRootCause(
      EcsInspection inspection,
      @Nullable EcsService service,
      @Nullable Instant failedSince,
      KeptEvidence kept) {
    this.kept = kept;
    this.failedSince = failedSince;
    this.inspection = inspection;
    this.run = inspection.run();
    this.service = service;
    this.steady = service != null && service.steady();
    this.remediations = new EcsRemediations(inspection);
  }

  /** Return what is wrong, the cause first; empty when all is well or nothing tells. */
  List<Finding> find() {
    EcsService.ServiceDeployment deployment = deploymentInQuestion();
    Optional<TargetHealthInspection> targets =
        Optional.ofNullable(service)
            .map(s -> new TargetHealthInspection(inspection, s, steady, remediations));
    TaskDefinitionInspection definition = definition(deployment);
    boolean doubtful = !steady || failedSince != null;
    List<Finding> found = new ArrayList<>();
    List<TaskStopCause> stops = doubtful ? stops(deployment) : List.of();
    Optional<Spoken> event = doubtful ? spoken(deployment) : Optional.empty();
    answer(stops, event, definition, deployment).ifPresent(found::add);
    for (Finding named : definition.findings()) {
      merge(found, named);
    }
    targets.ifPresent(health -> health.find().forEach(finding -> merge(found, finding)));
    // What is only a symptom counts when nothing that explains it was found.
    List<java.util.function.Supplier<Optional<Finding>>> further =
        List.of(
            () -> steady ? Optional.empty() : fromCapacity(definition.definition()),
            () -> doubtful ? kept() : Optional.empty(),
            () -> symptom(stops, event, definition, deployment),
            () ->
                steady || service == null || deployment == null
                    ? Optional.empty()
                    : general(deployment));
    for (java.util.function.Supplier<Optional<Finding>> one : further) {
      if (found.isEmpty()) {
        one.get().ifPresent(found::add);
      }
    }
    HealthUrl.check(inspection).ifPresent(finding -> merge(found, finding));
    return found;
  }

  /** What the task definition names explains what the tasks say, in one finding. */
  private static void merge(List<Finding> found, Finding more) {
    for (int i = 0; i < found.size(); i++) {
      Finding one = found.get(i);
      if (one.code() == more.code()) {
        found.set(i, more.with(one.evidence()).at(one.role()));
        return;
      }
    }
    found.add(found.isEmpty() ? more : more.at(Finding.FindingRole.CONSEQUENCE));
  }

  /** The newest deployment that is not steady, else the primary one. */
  private EcsService.@Nullable ServiceDeployment deploymentInQuestion() {
    if (service == null) {
      return null;
    }
    Comparator<EcsService.ServiceDeployment> newest =
        Comparator.comparing(d -> d.createdAt() == null ? Instant.EPOCH : d.createdAt());
    // One that is only being drained for its successor is not steady either, and is not meant.
    Optional<EcsService.ServiceDeployment> gaveUp =
        service.deployments().stream().filter(EcsService.ServiceDeployment::gaveUp).max(newest);
    Optional<EcsService.ServiceDeployment> primary = service.primary();
    if (primary.isPresent() && !primary.get().steady()) {
      return gaveUp.isPresent() && newest.compare(gaveUp.get(), primary.get()) > 0
          ? gaveUp.get()
          : primary.get();
    }
    return gaveUp
        .or(() -> primary)
        .or(() -> service.deployments().stream().max(newest))
        .orElse(null);
  }

  private TaskDefinitionInspection definition(EcsService.@Nullable ServiceDeployment deployment) {
    String name =
        deployment != null && !deployment.taskDefinition().isEmpty()
            ? deployment.taskDefinition()
            : service != null ? service.taskDefinition() : "";
    if (name.isEmpty()) {
      name = inspection.stopped().stream().map(EcsTask::taskDefinition).findFirst().orElse("");
    }
    return TaskDefinitionInspection.of(inspection, name, remediations);
  }

  /** Return what a task, else the service, answers; empty where there are only symptoms. */
  private Optional<Finding> answer(
      List<TaskStopCause> stops,
      Optional<Spoken> event,
      TaskDefinitionInspection definition,
      EcsService.@Nullable ServiceDeployment deployment) {
    Optional<TaskStopCause> task = commonest(stops).filter(TaskStopCause::answer);
    if (task.isPresent()) {
      return Optional.of(ofTask(task.get(), stops, definition, deployment));
    }
    return event.filter(Spoken::answers).map(spoken -> ofEvent(spoken, deployment));
  }

  private Optional<Finding> symptom(
      List<TaskStopCause> stops,
      Optional<Spoken> event,
      TaskDefinitionInspection definition,
      EcsService.@Nullable ServiceDeployment deployment) {
    Optional<TaskStopCause> task = commonest(stops);
    if (task.isPresent()) {
      return Optional.of(ofTask(task.get(), stops, definition, deployment));
    }
    return event
        // A symptom of the service alone is only told when its deployment was given up.
        .filter(
            spoken ->
                deployment == null
                    || failedSince != null
                    || deployment.gaveUp()
                    || deployment.failed() > 0)
        .map(spoken -> ofEvent(spoken, deployment));
  }

  /** Classify the stopped tasks of deployments that are not steady. */
  private List<TaskStopCause> stops(EcsService.@Nullable ServiceDeployment deployment) {
    List<TaskStopCause> stops = new ArrayList<>();
    for (EcsTask task : inspection.stopped()) {
      if (counts(task, deployment)) {
        TaskStopCause.of(run, task).ifPresent(stops::add);
      }
    }
    return stops;
  }

  private boolean counts(EcsTask task, EcsService.@Nullable ServiceDeployment deployment) {
    if (service == null) {
      return true;
    }
    for (EcsService.ServiceDeployment one : service.deployments()) {
      if (one.id().equals(task.startedBy())) {
        return !one.steady();
      }
    }
    if (task.startedBy().isEmpty() || !task.startedBy().startsWith("ecs-svc/")) {
      return true;
    }
    // A deployment that ECS has taken off the list: its tasks tell of now only while nothing
    // newer runs.
    Instant begun = begun(deployment);
    return begun == null || task.createdAt() == null || !task.createdAt().isBefore(begun);
  }

  /** Since when what is said counts: the failed operation's beginning, else the deployment's. */
  private @Nullable Instant begun(EcsService.@Nullable ServiceDeployment deployment) {
    if (failedSince != null) {
      return failedSince;
    }
    return deployment == null ? null : deployment.createdAt();
  }

  /** The reason that most tasks share; of two that are as common, the later. Answers come first. */
  private static Optional<TaskStopCause> commonest(List<TaskStopCause> stops) {
    List<TaskStopCause> answers = stops.stream().filter(TaskStopCause::answer).toList();
    List<TaskStopCause> some = answers.isEmpty() ? stops : answers;
    Map<String, Integer> count = new LinkedHashMap<>();
    some.forEach(v -> count.merge(kindOf(v), 1, Integer::sum));
    return count.entrySet().stream()
        .reduce((one, other) -> other.getValue() > one.getValue() ? other : one)
        .flatMap(most -> some.stream().filter(v -> kindOf(v).equals(most.getKey())).findFirst());
  }

  private static String kindOf(TaskStopCause stop) {
    return stop.code() == null ? "" : stop.code().name();
  }

  private Finding ofTask(
      TaskStopCause stop,
      List<TaskStopCause> all,
      TaskDefinitionInspection definition,
      EcsService.@Nullable ServiceDeployment deployment) {
    EcsTask task = stop.task();
    List<String> evidence = new ArrayList<>();
    evidence.add(said(task));
    for (EcsTask.TaskContainer container : task.containers()) {
      String message = container(container);
      if (!message.isEmpty()) {
        evidence.add(message);
      }
    }
    long alike = all.stream().filter(v -> kindOf(v).equals(kindOf(stop))).count();
    if (alike > 1) {
      evidence.add(alike + " tasks stopped for this reason within the last hour");
    }
    if (stop.rule() == null) {
      evidence.add("unknown: no rule knows these words; they stand here as they are");
    } else if (!stop.rule().link().isEmpty()) {
      evidence.add("see " + stop.rule().link());
    }
    evidence.addAll(rollout(deployment));
    TaskLog.Lines log = definition.log(stop);
    evidence.addAll(log.evidence());
    FindingCode code = code(stop, deployment);
    if (code == FindingCode.CONTAINER_EXITED && log.wrongArchitecture()) {
      code = FindingCode.ARCHITECTURE_MISMATCH;
    }
    code = definition.refined(code, stop.message());
    return Finding.cause(
        code,
        "Tasks of " + inspection.serviceName() + " stop: " + meaning(stop, code),
        evidence,
        "task/" + task.id(),
        remediations.of(
            code, stop.rule() == null ? null : stop.rule().remediation(), definition.definition()));
  }

  private FindingCode code(TaskStopCause stop, EcsService.@Nullable ServiceDeployment deployment) {
    FindingCode code = stop.code();
    if (code == FindingCode.NO_CONTAINER_INSTANCES) {
      return placed(code);
    }
    if (code != null) {
      return code;
    }
    return deployment != null && deployment.gaveUp()
        ? FindingCode.DEPLOYMENT_ROLLED_BACK
        : FindingCode.CONTAINER_EXITED;
  }

  /** Where instances are registered, it is not that there are none. */
  private FindingCode placed(FindingCode code) {
    int registered =
        inspection.cluster().get().flatMap(c -> c).map(EcsCluster::registeredInstances).orElse(0);
    return registered > 0 ? FindingCode.INSUFFICIENT_CAPACITY : code;
  }

  private static String meaning(TaskStopCause stop, FindingCode code) {
    EcsTask.TaskContainer container = stop.container();
    Integer exit = container == null ? null : container.exitCode();
    if (code == FindingCode.CONTAINER_EXITED && container != null && exit != null) {
      return "the container " + container.name() + " exits with " + exit;
    }
    return stop.rule() == null ? DiagnosisRun.quoted(stop.message()) : stop.rule().meaning();
  }

  private static String said(EcsTask task) {
    return "ECS, task "
        + task.id()
        + (task.stoppedAt() == null ? "" : ", " + Timestamps.format(task.stoppedAt()))
        + (task.stopCode().isEmpty() ? "" : ", " + task.stopCode())
        + ": "
        + (task.stoppedReason().isBlank()
            ? "(no reason)"
            : DiagnosisRun.quoted(task.stoppedReason()));
  }

  private static String container(EcsTask.TaskContainer container) {
    String exit = container.exitCode() == null ? "" : " exit code " + container.exitCode();
    String reason =
        container.reason().isBlank() ? "" : ": " + DiagnosisRun.quoted(container.reason());
    return exit.isEmpty() && reason.isEmpty()
        ? ""
        : "container " + container.name() + exit + reason;
  }

  /** What the service itself says, and the rule that knows it. */
  private record Spoken(Rule rule, EcsService.ServiceEvent event) {
    boolean answers() {
      return rule.kind() != Rule.RuleKind.SYMPTOM && rule.code() != null;
    }
  }

  /** The newest event of this deployment that names a cause, an answer before a symptom. */
  private Optional<Spoken> spoken(EcsService.@Nullable ServiceDeployment deployment) {
    if (service == null) {
      return Optional.empty();
    }
    Instant begun = begun(deployment);
    List<Spoken> all = new ArrayList<>();
    for (EcsService.ServiceEvent event : service.events()) {
      if (begun != null && event.at().isBefore(begun.minusSeconds(5))) {
        continue;
      }
      Rule rule = run.match(RuleField.SERVICE_EVENT, event.message()).orElse(null);
      if (rule != null && rule.kind().cause() && rule.code() != null) {
        all.add(new Spoken(rule, event));
      }
    }
    return all.stream()
        .filter(one -> one.rule().kind() != Rule.RuleKind.SYMPTOM)
        .findFirst()
        .or(() -> all.stream().findFirst());
  }

  private Finding ofEvent(Spoken spoken, EcsService.@Nullable ServiceDeployment deployment) {
    FindingCode found = spoken.rule().code();
    FindingCode code = found == null ? FindingCode.DEPLOYMENT_ROLLED_BACK : found;
    if (code == FindingCode.NO_CONTAINER_INSTANCES) {
      code = placed(code);
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "ECS, "
            + Timestamps.format(spoken.event().at())
            + ": "
            + DiagnosisRun.quoted(spoken.event().message()));
    evidence.addAll(rollout(deployment));
    evidence.add("see " + spoken.rule().link());
    return Finding.cause(
        code,
        "The service " + inspection.serviceName() + " is not steady: " + spoken.rule().meaning(),
        evidence,
        inspection.serviceName(),
        remediations.of(code, spoken.rule().remediation(), Optional.empty()));
  }

  private List<String> rollout(EcsService.@Nullable ServiceDeployment deployment) {
    if (deployment == null || service == null) {
      return List.of();
    }
    // ECS API reference, DeploymentCircuitBreaker: half of the desired count, 3 at least, 200 at
    // most.
    int budget = Math.max(3, Math.min(200, (deployment.desired() + 1) / 2));
    return List.of(
        "deployment "
            + deployment.id()
            + ": "
            + deployment.running()
            + " running, "
            + deployment.pending()
            + " pending, "
            + deployment.failed()
            + " failed of "
            + deployment.desired()
            + " desired"
            + (deployment.rolloutState().isEmpty() ? "" : ", " + deployment.rolloutState())
            + (service.breaker() ? "; the circuit breaker gives up after " + budget : "")
            + (deployment.rolloutReason().isBlank()
                ? ""
                : "; ECS: " + DiagnosisRun.quoted(deployment.rolloutReason())));
  }

  private Optional<Finding> fromCapacity(Optional<TaskDefinition> definition) {
    if (service == null) {
      return Optional.empty();
    }
    EcsCluster cluster = inspection.cluster().get().flatMap(c -> c).orElse(null);
    if (service.launchType().equals("EC2")
        && cluster != null
        && cluster.registeredInstances() == 0) {
      return Optional.of(
          Finding.cause(
              FindingCode.NO_CONTAINER_INSTANCES,
              "The cluster " + cluster.name() + " has no container instance to run tasks on",
              List.of("ECS: 0 container instances registered, launch type EC2"),
              cluster.name(),
              remediations.of(
                  FindingCode.NO_CONTAINER_INSTANCES,
                  "See why no instance of the auto-scaling group registers with the cluster",
                  Optional.empty())));
    }
    double need = definition.map(d -> vcpu(d) * service.desired()).orElse(0.0);
    if (inspection.quota().isPresent()
        && need > inspection.quota().getAsDouble()
        && !service.launchType().equals("EC2")) {
      return Optional.of(
          Finding.cause(
              FindingCode.QUOTA_EXCEEDED,
              "The service needs "
                  + need
                  + " vCPU, and the account's Fargate quota is "
                  + inspection.quota().getAsDouble(),
              List.of(
                  "Service Quotas: fargate "
                      + run.names().fargateQuota()
                      + " = "
                      + inspection.quota().getAsDouble()
                      + " vCPU; "
                      + service.desired()
                      + " tasks are desired"),
              inspection.serviceName(),
              remediations.of(
                  FindingCode.QUOTA_EXCEEDED, "Ask for a higher quota", Optional.empty())));
    }
    return Optional.empty();
  }

  private static double vcpu(TaskDefinition definition) {
    String cpu = definition.cpu();
    return cpu != null && cpu.matches("\\d{1,7}") ? Integer.parseInt(cpu) / 1024.0 : 0;
  }

  /** What a monitor kept of tasks that ECS has forgotten. */
  private Optional<Finding> kept() {
    return kept.find(inspection, remediations);
  }

  private Optional<Finding> general(EcsService.ServiceDeployment deployment) {
    Instant begun = deployment.createdAt();
    Duration age = begun == null ? Duration.ZERO : Duration.between(begun, run.now());
    List<String> evidence = new ArrayList<>(rollout(deployment));
    if (deployment.gaveUp()) {
      return Optional.of(
          Finding.cause(
              FindingCode.DEPLOYMENT_ROLLED_BACK,
              "ECS gave the deployment of "
                  + inspection.serviceName()
                  + " up, and nothing says why any more",
              evidence,
              inspection.serviceName(),
              remediations.of(
                  FindingCode.DEPLOYMENT_ROLLED_BACK,
                  "Stopped tasks are shown for about an hour: deploy again with 'deployctl monitor start', which keeps their reasons",
                  Optional.empty())));
    }
    if (age.compareTo(LONG) < 0) {
      return Optional.empty();
    }
    evidence.add("the deployment began " + Durations.humane(age) + " ago");
    return Optional.of(
        Finding.cause(
            FindingCode.NOT_STABILIZED,
            "The service "
                + inspection.serviceName()
                + " has not become steady for "
                + Durations.humane(age),
            evidence,
            inspection.serviceName(),
            remediations.of(
                FindingCode.NOT_STABILIZED,
                "Look at the service's events and its tasks",
                Optional.empty())));
  }
}
