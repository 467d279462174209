package deployctl.aws;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task definition of ECS.
 *
 * @param cpu CPU units (1024 are a vCPU), or null where only the containers say
 * @param memory MiB, or null likewise
 * @param architecture for instance {@code X86_64} or {@code ARM64}; empty where not given
 */
public record TaskDefinition(
    String arn,
    @Nullable String cpu,
    @Nullable String memory,
    @Nullable String executionRoleArn,
    @Nullable String taskRoleArn,
    String architecture,
    List<ContainerDefinition> containers) {

  /**
   * A container's definition.
   *
   * @param secrets from the variable to where its value is: the ARN or name of a secret or
   *     parameter
   * @param logGroup where its output goes, or null when not to CloudWatch Logs
   * @param createsLogGroup whether the group is made at the start
   */
  public record ContainerDefinition(
      String name,
      String image,
      boolean essential,
      Map<String, String> secrets,
      @Nullable String logGroup,
      @Nullable String logPrefix,
      @Nullable String logRegion,
      boolean createsLogGroup,
      @Nullable String healthCommand,
      List<Integer> ports) {
    /** Return the log stream of one task, or null where it has none. */
    public @Nullable String logStream(EcsTask task) {
      return logPrefix == null ? null : logPrefix + "/" + name + "/" + task.id();
    }
  }
}
