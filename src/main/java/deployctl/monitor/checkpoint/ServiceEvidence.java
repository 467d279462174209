package deployctl.monitor.checkpoint;

import deployctl.aws.EcsService;
import deployctl.aws.EcsTask;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a monitor keeps of a service's tasks: ECS forgets a stopped task after about an hour, and
 * with it why it stopped.
 *
 * @param cluster name of the service's cluster
 * @param failed tasks of the deployment that did not stay up
 * @param budget after how many the circuit breaker gives up; 0 where it is off
 * @param tasks stopped tasks, the latest first
 */
public record ServiceEvidence(
    String cluster,
    String service,
    Instant at,
    int running,
    int pending,
    int failed,
    int desired,
    int budget,
    List<StoppedTask> tasks) {

  /**
   * A task that stopped.
   *
   * @param lines the last lines of its output, oldest first
   */
  public record StoppedTask(EcsTask task, List<String> lines) {}

  /** Return the state of a service without its stopped tasks. */
  public static ServiceEvidence of(String cluster, EcsService service, Instant now) {
    EcsService.ServiceDeployment primary = service.primary().orElse(null);
    int desired = primary == null ? service.desired() : primary.desired();
    return new ServiceEvidence(
        cluster,
        service.name(),
        now,
        service.running(),
        service.pending(),
        primary == null ? 0 : primary.failed(),
        desired,
        // ECS API reference, DeploymentCircuitBreaker: half of what is desired, 3 at least, 200 at
        // most.
        service.breaker() ? Math.max(3, Math.min(200, (desired + 1) / 2)) : 0,
        List.of());
  }

  public ServiceEvidence with(List<StoppedTask> stopped) {
    return new ServiceEvidence(
        cluster, service, at, running, pending, failed, desired, budget, List.copyOf(stopped));
  }

  /** Return it for a person: tasks running, pending and failed, and the latest reason. */
  public String describe() {
    String reason = tasks.isEmpty() ? "" : "; last stopped: " + reasonOf(tasks.get(0).task());
    return service
        + ": "
        + running
        + " running, "
        + pending
        + " pending, "
        + failed
        + " failed of "
        + desired
        + " desired"
        + (budget == 0 ? "" : " (circuit breaker at " + budget + ")")
        + reason;
  }

  private static String reasonOf(EcsTask task) {
    for (EcsTask.TaskContainer container : task.containers()) {
      if (!container.reason().isBlank()) {
        return container.reason();
      }
    }
    return task.stoppedReason().isBlank() ? task.stopCode() : task.stoppedReason();
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("cluster", cluster)
        .put("service", service)
        .put("at", Timestamps.format(at))
        .put("running", (long) running)
        .put("pending", (long) pending)
        .put("failed", (long) failed)
        .put("desired", (long) desired)
        .put("breaker_budget", (long) budget)
        .put("tasks", tasks.stream().map(ServiceEvidence::taskJson).toList());
  }

  private static JsonObject taskJson(StoppedTask stopped) {
    EcsTask task = stopped.task();
    return new JsonObject()
        .put("task", task.arn())
        .put("started_by", task.startedBy())
        .put("task_definition", task.taskDefinition())
        .put("stop_code", task.stopCode())
        .put("stopped_reason", task.stoppedReason())
        .putIfKnown("stopped_at", format(task.stoppedAt()))
        .put(
            "containers",
            task.containers().stream()
                .map(
                    container ->
                        new JsonObject()
                            .put("name", container.name())
                            .put("reason", container.reason())
                            .putIfKnown(
                                "exit_code",
                                container.exitCode() == null
                                    ? null
                                    : container.exitCode().longValue()))
                .toList())
        .put("log", stopped.lines());
  }

  private static @Nullable String format(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }

  /** Read what {@link #toJson} wrote; what is not understood is left out. */
  static ServiceEvidence fromJson(JsonObject json) {
    List<StoppedTask> tasks = new ArrayList<>();
    List<?> list = json.list("tasks");
    for (Object one : list == null ? List.of() : list) {
      if (one instanceof JsonObject task) {
        tasks.add(taskOf(task));
      }
    }
    Instant at = Timestamps.read(json.get("at"));
    return new ServiceEvidence(
        text(json, "cluster"),
        text(json, "service"),
        at == null ? Instant.EPOCH : at,
        (int) json.integer("running", 0),
        (int) json.integer("pending", 0),
        (int) json.integer("failed", 0),
        (int) json.integer("desired", 0),
        (int) json.integer("breaker_budget", 0),
        List.copyOf(tasks));
  }

  private static StoppedTask taskOf(JsonObject json) {
    List<EcsTask.TaskContainer> containers = new ArrayList<>();
    List<?> list = json.list("containers");
    for (Object one : list == null ? List.of() : list) {
      if (one instanceof JsonObject container) {
        containers.add(
            new EcsTask.TaskContainer(
                text(container, "name"),
                "STOPPED",
                text(container, "reason"),
                container.has("exit_code") ? (int) container.integer("exit_code", 0) : null,
                "",
                ""));
      }
    }
    List<?> lines = json.list("log");
    return new StoppedTask(
        new EcsTask(
            text(json, "task"),
            "",
            text(json, "started_by"),
            text(json, "task_definition"),
            "STOPPED",
            text(json, "stop_code"),
            text(json, "stopped_reason"),
            null,
            null,
            Timestamps.read(json.get("stopped_at")),
            containers),
        lines == null
            ? List.of()
            : lines.stream().filter(String.class::isInstance).map(String.class::cast).toList());
  }

  private static String text(JsonObject json, String name) {
    String value = json.string(name);
    return value == null ? "" : value;
  }
}
