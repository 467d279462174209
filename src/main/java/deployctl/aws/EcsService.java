package deployctl.aws;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service of ECS.
 *
 * @param status {@code ACTIVE}, {@code DRAINING} or {@code INACTIVE}
 * @param launchType {@code FARGATE}, {@code EC2}, or empty where capacity providers decide
 * @param deployments newest first, the primary one among them
 * @param events newest first, a hundred at most
 * @param breaker whether the deployment circuit breaker is on
 * @param rollback whether it rolls back
 * @param healthGraceSeconds how long load-balancer health is not looked at after a start, or null
 * @param minimumHealthyPercent and
 * @param maximumPercent bound how many tasks run during a deployment; null where not given
 */
public record EcsService(
    String name,
    String arn,
    String clusterArn,
    String status,
    int desired,
    int running,
    int pending,
    String taskDefinition,
    String launchType,
    @Nullable Instant createdAt,
    List<ServiceDeployment> deployments,
    List<ServiceEvent> events,
    List<ServiceLoadBalancer> loadBalancers,
    boolean breaker,
    boolean rollback,
    @Nullable Integer healthGraceSeconds,
    @Nullable Integer minimumHealthyPercent,
    @Nullable Integer maximumPercent,
    List<String> subnets,
    List<String> securityGroups,
    @Nullable String assignPublicIp) {

  /**
   * A rollout of a task definition.
   *
   * @param status {@code PRIMARY}, {@code ACTIVE} or {@code INACTIVE}
   * @param rolloutState {@code IN_PROGRESS}, {@code COMPLETED}, {@code FAILED}; empty where ECS
   *     does not say
   * @param failed tasks that did not stay up
   */
  public record ServiceDeployment(
      String id,
      String status,
      String rolloutState,
      String rolloutReason,
      int desired,
      int running,
      int pending,
      int failed,
      String taskDefinition,
      @Nullable Instant createdAt) {
    /** Tell whether it has what it wants and is over. */
    public boolean steady() {
      boolean over = rolloutState.isEmpty() || rolloutState.equals("COMPLETED");
      return over && running >= desired && pending == 0;
    }

    /** Tell whether ECS has given it up. */
    public boolean gaveUp() {
      return rolloutState.equals("FAILED");
    }
  }

  /** Something that ECS says of the service. */
  public record ServiceEvent(String id, Instant at, String message) {}

  /** Where a load balancer reaches the tasks; without a target group for a classic one. */
  public record ServiceLoadBalancer(
      @Nullable String targetGroupArn, @Nullable String container, @Nullable Integer port) {}

  /** Return the deployment that is to be, or was the last to be. */
  public Optional<ServiceDeployment> primary() {
    return deployments.stream().filter(d -> d.status().equals("PRIMARY")).findFirst();
  }

  /** Tell whether it runs what is wanted, and nothing is being changed. */
  public boolean steady() {
    return status.equals("ACTIVE")
        && running >= desired
        && pending == 0
        && deployments.stream().allMatch(ServiceDeployment::steady);
  }

  /** Tell whether it is there to be used. */
  public boolean active() {
    return status.equals("ACTIVE");
  }
}
