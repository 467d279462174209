package deployctl.aws;

import java.util.List;

/**
 * A cluster of ECS.
 *
 * @param status {@code ACTIVE}, or what it is in
 * @param registeredInstances container instances; always 0 where only Fargate is used
 * @param capacityProviders for instance {@code FARGATE}; empty for none
 */
public record EcsCluster(
    String name,
    String status,
    int registeredInstances,
    int runningTasks,
    int pendingTasks,
    int activeServices,
    List<String> capacityProviders) {
  /** Tell whether it is there to be used. */
  public boolean active() {
    return status.equals("ACTIVE");
  }
}
