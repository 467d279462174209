package deployctl.aws;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task of ECS; a stopped one is shown for about an hour.
 *
 * @param group for instance {@code service:Backend}; empty where ECS does not say
 * @param startedBy the id of the deployment that started it; empty where ECS does not say
 * @param stopCode for instance {@code TaskFailedToStart}; empty while it runs
 * @param stoppedReason ECS's words; empty for none
 */
public record EcsTask(
    String arn,
    String group,
    String startedBy,
    String taskDefinition,
    String lastStatus,
    String stopCode,
    String stoppedReason,
    @Nullable Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant stoppedAt,
    List<TaskContainer> containers) {

  /**
   * A container of the task.
   *
   * @param reason ECS's words; empty for none
   * @param exitCode null while it runs and where it never ran
   */
  public record TaskContainer(
      String name,
      String lastStatus,
      String reason,
      @Nullable Integer exitCode,
      String healthStatus,
      String image) {}

  /** Return the last part of the ARN, by which people name it. */
  public String id() {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }
}
