package deployctl.monitor.watch;

import deployctl.aws.EcsService;
import deployctl.aws.EcsServices;
import deployctl.aws.EcsTask;
import deployctl.aws.Logs;
import deployctl.aws.TaskDefinition;
import deployctl.aws.client.AwsFailure;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.operation.ResourceRun;
import deployctl.operation.StackOperation;
import deployctl.support.text.Masking;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the services that a deployment changes while it changes them, and keeps why their tasks
 * stopped. What AWS does not let it see it does without: watching the stack goes on.
 */
public final class ServiceWatch {
  private static final String TYPE = "AWS::ECS::Service";
  private static final Duration EVERY = Duration.ofSeconds(20);
  private static final int MOST_TASKS = 10;
  private static final int MOST_LISTED = 100;
  private static final int LINES = 20;

  private final Supplier<EcsServices> services;
  private final Supplier<Logs> logs;
  private final Map<String, ServiceEvidence> kept = new LinkedHashMap<>();
  private final Map<String, Optional<TaskDefinition>> definitions = new LinkedHashMap<>();
  private @Nullable Instant last;
  private boolean denied;

  /** Make a watch; both are made at their first use. */
  public ServiceWatch(Supplier<EcsServices> services, Supplier<Logs> logs) {
    this.services = services;
    this.logs = logs;
  }

  /** Take over what an earlier monitor kept. */
  void resume(List<ServiceEvidence> earlier) {
    earlier.forEach(one -> kept.put(one.cluster() + "/" + one.service(), one));
  }

  /** Look at the services that are in progress, and once more at those that have just failed. */
  List<ServiceEvidence> poll(StackOperation operation, Instant now) {
    Instant before = last;
    boolean due = before == null || Duration.between(before, now).compareTo(EVERY) >= 0;
    for (ResourceRun one : operation.resources()) {
      boolean failed = one.status().endsWith("_FAILED");
      boolean wanted = one.type().equals(TYPE) && (one.inProgress() && due || failed);
      String id = one.physicalId();
      if (wanted && !denied && id != null && id.contains(":service/")) {
        last = now;
        String[] parts = id.substring(id.indexOf(":service/") + 9).split("/", -1);
        if (parts.length == 2 && !(failed && isFinal(parts[0] + "/" + parts[1], one, now))) {
          poll(parts[0], parts[1], now);
        }
      }
    }
    return List.copyOf(kept.values());
  }

  /** Whether the last look came after the failure. */
  private boolean isFinal(String key, ResourceRun failed, Instant now) {
    ServiceEvidence known = kept.get(key);
    Instant ended = failed.endedAt();
    return ended == null
        || known != null && known.at().isAfter(ended)
        || Duration.between(ended, now).compareTo(Duration.ofHours(1)) > 0;
  }

  private void poll(String cluster, String name, Instant now) {
    try {
      Optional<EcsService> service = services.get().service(cluster, name);
      if (service.isEmpty()) {
        return;
      }
      ServiceEvidence before = kept.get(cluster + "/" + name);
      List<ServiceEvidence.StoppedTask> tasks = before == null ? List.of() : before.tasks();
      ServiceEvidence seen = ServiceEvidence.of(cluster, service.get(), now);
      kept.put(cluster + "/" + name, seen.with(tasks));
      if (!service.get().steady()) {
        kept.put(cluster + "/" + name, seen.with(withStopped(cluster, service.get(), tasks)));
      }
    } catch (AwsFailure e) {
      // Without the permission there is nothing more to be had; a passing fault is tried again.
      denied = !e.problem().passing();
    }
  }

  private List<ServiceEvidence.StoppedTask> withStopped(
      String cluster, EcsService service, List<ServiceEvidence.StoppedTask> known) {
    List<String> arns =
        new ArrayList<>(services.get().tasks(cluster, service.name(), "STOPPED", MOST_LISTED));
    known.forEach(one -> arns.remove(one.task().arn()));
    if (arns.isEmpty()) {
      return known;
    }
    List<EcsTask> fresh = new ArrayList<>(services.get().describe(cluster, arns));
    fresh.removeIf(task -> !ofDeployment(service, task));
    fresh.sort(java.util.Comparator.comparing(ServiceWatch::stoppedAt).reversed());
    List<ServiceEvidence.StoppedTask> all = new ArrayList<>();
    for (EcsTask task : fresh.subList(0, Math.min(MOST_TASKS, fresh.size()))) {
      // The output of the newest alone: tasks of one deployment end alike.
      all.add(new ServiceEvidence.StoppedTask(task, all.isEmpty() ? output(task) : List.of()));
    }
    all.addAll(known);
    return all.subList(0, Math.min(MOST_TASKS, all.size()));
  }

  /** Tasks of deployments that are steady stopped for other reasons. */
  private static boolean ofDeployment(EcsService service, EcsTask task) {
    return service.deployments().stream()
        .filter(deployment -> deployment.id().equals(task.startedBy()))
        .findFirst()
        .map(deployment -> !deployment.steady())
        .orElse(true);
  }

  private static Instant stoppedAt(EcsTask task) {
    return task.stoppedAt() == null ? Instant.EPOCH : task.stoppedAt();
  }

  private List<String> output(EcsTask task) {
    if (task.containers().stream().allMatch(container -> container.exitCode() == null)) {
      return List.of();
    }
    try {
      TaskDefinition definition =
          definitions
              .computeIfAbsent(
                  task.taskDefinition(), name -> Optional.of(services.get().taskDefinition(name)))
              .orElse(null);
      if (definition == null) {
        return List.of();
      }
      for (EcsTask.TaskContainer container : task.containers()) {
        Integer exit = container.exitCode();
        TaskDefinition.ContainerDefinition defined =
            definition.containers().stream()
                .filter(one -> one.name().equals(container.name()))
                .findFirst()
                .orElse(null);
        String stream = defined == null ? null : defined.logStream(task);
        if (exit != null
            && exit != 0
            && defined != null
            && stream != null
            && defined.logGroup() != null) {
          return logs
              .get()
              .lines(defined.logGroup(), stream, task.startedAt(), null, LINES)
              .stream()
              .map(Masking::secrets)
              .toList();
        }
      }
      return List.of();
    } catch (AwsFailure e) {
      return List.of();
    }
  }
}
