package deployctl.diagnose.ecs;

import deployctl.aws.EcsCluster;
import deployctl.aws.EcsService;
import deployctl.aws.EcsTask;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A service, its cluster and its stopped tasks, asked for side by side. */
final class EcsInspection {
  private final DiagnosisRun run;
  private final String clusterName;
  private final String serviceName;
  private final String prefix;
  private final CheckRunner.CheckAnswer<Optional<EcsCluster>> cluster;
  private final CheckRunner.CheckAnswer<Optional<EcsService>> service;
  private final CheckRunner.CheckAnswer<List<EcsTask>> stopped;
  private final CheckRunner.CheckAnswer<OptionalDouble> quota;
  private final List<CheckRunner.CheckAnswer<?>> asked = new ArrayList<>();

  /**
   * Begin to look.
   *
   * @param prefix what the checks' names begin with
   */
  EcsInspection(DiagnosisRun run, String clusterName, String serviceName, String prefix) {
    this.run = run;
    this.clusterName = clusterName;
    this.serviceName = serviceName;
    this.prefix = prefix;
    CachedAws aws = run.cached();
    this.cluster = ask("cluster", () -> aws.cluster(clusterName), this::seenCluster);
    this.service = ask("service", () -> aws.service(clusterName, serviceName), this::seenService);
    this.stopped = ask("stopped tasks", this::stoppedTasks, EcsInspection::seenTasks);
    this.quota =
        ask(
            "fargate quota",
            () -> aws.quota("fargate", run.names().fargateQuota()),
            found ->
                found.isPresent()
                    ? CheckResult.pass((long) found.getAsDouble() + " vCPU in this region")
                    : CheckResult.skipped("AWS knows no quota " + run.names().fargateQuota()));
  }

  <T> CheckRunner.CheckAnswer<T> ask(
      String name,
      java.util.function.Supplier<T> question,
      java.util.function.Function<T, CheckResult> assess) {
    CheckRunner.CheckAnswer<T> answer = run.checks().ask(prefix + name, question, assess);
    asked.add(answer);
    return answer;
  }

  /** Wait for everything that was asked, so that each check is told. */
  void finish() {
    asked.forEach(CheckRunner.CheckAnswer::get);
  }

  DiagnosisRun run() {
    return run;
  }

  String clusterName() {
    return clusterName;
  }

  String serviceName() {
    return serviceName;
  }

  CheckRunner.CheckAnswer<Optional<EcsCluster>> cluster() {
    return cluster;
  }

  CheckRunner.CheckAnswer<Optional<EcsService>> service() {
    return service;
  }

  /**
   * Return the stopped tasks that ECS still shows, the latest first; empty where it says nothing.
   */
  List<EcsTask> stopped() {
    return stopped.get().orElse(List.of());
  }

  OptionalDouble quota() {
    return quota.get().orElse(OptionalDouble.empty());
  }

  /** A service that is gone has left its tasks in the cluster for an hour. */
  private List<EcsTask> stoppedTasks() {
    List<EcsTask> own = run.cached().stoppedTasks(clusterName, serviceName);
    if (!own.isEmpty() || run.cached().service(clusterName, serviceName).isPresent()) {
      return own;
    }
    return run.cached().stoppedTasks(clusterName, null).stream()
        .filter(
            task ->
                task.group().equals("service:" + serviceName)
                    || task.group().isEmpty() && task.startedBy().startsWith("ecs-svc/"))
        .toList();
  }

  private CheckResult seenCluster(Optional<EcsCluster> found) {
    if (found.filter(EcsCluster::active).isEmpty()) {
      return CheckResult.fail(
          "no active cluster " + clusterName + found.map(c -> ": it is " + c.status()).orElse(""));
    }
    EcsCluster c = found.get();
    return CheckResult.pass(
        c.runningTasks()
            + " tasks running, "
            + c.pendingTasks()
            + " pending, "
            + c.registeredInstances()
            + " container instances"
            + (c.capacityProviders().isEmpty()
                ? ""
                : ", capacity from " + String.join(", ", c.capacityProviders())));
  }

  private CheckResult seenService(Optional<EcsService> found) {
    if (found.filter(EcsService::active).isEmpty()) {
      return CheckResult.fail(
          "no active service " + serviceName + found.map(s -> ": it is " + s.status()).orElse(""));
    }
    EcsService s = found.get();
    String message =
        s.running() + " running, " + s.pending() + " pending of " + s.desired() + " desired";
    return s.steady()
        ? CheckResult.pass(message + ", steady")
        : CheckResult.warn(message + ", not steady");
  }

  private static CheckResult seenTasks(List<EcsTask> tasks) {
    return CheckResult.pass(
        tasks.isEmpty() ? "none in the last hour" : tasks.size() + " in the last hour");
  }
}
