package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Task;

/** The services of ECS, their clusters and tasks. Every method throws {@link AwsFailure}. */
public final class EcsServices extends Gateway<EcsClient> {
  /** How many tasks one call describes at most (ECS API reference, DescribeTasks). */
  private static final int PAGE = 100;

  /** Make a gateway that reaches AWS as {@code settings} say. */
  public EcsServices(AwsSettings settings) {
    super("ecs", settings, () -> AwsClients.build(EcsClient.builder(), settings));
  }

  /** Return a cluster, or empty when there is none of that name or ARN. */
  public Optional<EcsCluster> cluster(String cluster) {
    return call(
        "DescribeClusters",
        "cluster " + cluster,
        client ->
            client.describeClusters(r -> r.clusters(cluster)).clusters().stream()
                .map(
                    c ->
                        new EcsCluster(
                            text(c.clusterName()),
                            text(c.status()),
                            number(c.registeredContainerInstancesCount()),
                            number(c.runningTasksCount()),
                            number(c.pendingTasksCount()),
                            number(c.activeServicesCount()),
                            c.capacityProviders()))
                .findFirst());
  }

  /** Return the names of all clusters. */
  public List<String> clusters() {
    return call(
        "ListClusters",
        "the clusters",
        client ->
            client.listClustersPaginator().clusterArns().stream()
                .map(EcsServices::lastPart)
                .toList());
  }

  /** Return a service, or empty when the cluster or the service does not exist. */
  public Optional<EcsService> service(String cluster, String service) {
    return call(
        "DescribeServices",
        "service " + service + " of cluster " + cluster,
        client -> {
          try {
            return client
                .describeServices(r -> r.cluster(cluster).services(service))
                .services()
                .stream()
                .map(EcsServices::service)
                .findFirst();
          } catch (ClusterNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Return the ARNs of tasks.
   *
   * @param service whose tasks, or null for all of the cluster
   * @param status {@code RUNNING}, {@code PENDING} or {@code STOPPED}
   * @param most where to stop
   */
  public List<String> tasks(String cluster, @Nullable String service, String status, int most) {
    return call(
        "ListTasks",
        status.toLowerCase(java.util.Locale.ROOT) + " tasks of cluster " + cluster,
        client -> {
          try {
            List<String> arns = new ArrayList<>();
            for (var page :
                client.listTasksPaginator(
                    r -> r.cluster(cluster).serviceName(service).desiredStatus(status))) {
              arns.addAll(page.taskArns());
              if (arns.size() >= most) {
                break;
              }
            }
            return arns.size() > most ? List.copyOf(arns.subList(0, most)) : arns;
          } catch (ClusterNotFoundException
              | ServiceNotFoundException
              | ServiceNotActiveException e) {
            return List.of();
          }
        });
  }

  /** Return tasks by their ARNs, a hundred a call. Those that ECS has forgotten are left out. */
  public List<EcsTask> describe(String cluster, List<String> arns) {
    List<EcsTask> tasks = new ArrayList<>();
    for (int from = 0; from < arns.size(); from += PAGE) {
      List<String> some = arns.subList(from, Math.min(arns.size(), from + PAGE));
      tasks.addAll(
          call(
              "DescribeTasks",
              "tasks of cluster " + cluster,
              client ->
                  client.describeTasks(r -> r.cluster(cluster).tasks(some)).tasks().stream()
                      .map(EcsServices::task)
                      .toList()));
    }
    return tasks;
  }

  /** Return a task definition by its ARN or {@code family:revision}. */
  public TaskDefinition taskDefinition(String name) {
    return call(
        "DescribeTaskDefinition",
        "task definition " + lastPart(name),
        client -> {
          var found = client.describeTaskDefinition(r -> r.taskDefinition(name)).taskDefinition();
          return new TaskDefinition(
              text(found.taskDefinitionArn()),
              found.cpu(),
              found.memory(),
              found.executionRoleArn(),
              found.taskRoleArn(),
              found.runtimePlatform() == null
                  ? ""
                  : text(found.runtimePlatform().cpuArchitectureAsString()),
              found.containerDefinitions().stream().map(EcsServices::definition).toList());
        });
  }

  /** Start the service's tasks anew, with the same task definition. */
  public void forceNewDeployment(String cluster, String service) {
    call(
        "UpdateService",
        "service " + service + " of cluster " + cluster,
        client ->
            client.updateService(
                r -> r.cluster(cluster).service(service).forceNewDeployment(true)));
  }

  /** Remove a service with its tasks. */
  public void deleteService(String cluster, String service) {
    call(
        "DeleteService",
        "service " + service + " of cluster " + cluster,
        client -> client.deleteService(r -> r.cluster(cluster).service(service).force(true)));
  }

  /** Remove a cluster. */
  public void deleteCluster(String cluster) {
    call(
        "DeleteCluster",
        "cluster " + cluster,
        client -> client.deleteCluster(r -> r.cluster(cluster)));
  }

  private static EcsService service(software.amazon.awssdk.services.ecs.model.Service s) {
    DeploymentConfiguration rollout = s.deploymentConfiguration();
    var breaker = rollout == null ? null : rollout.deploymentCircuitBreaker();
    var vpc =
        s.networkConfiguration() == null ? null : s.networkConfiguration().awsvpcConfiguration();
    return new EcsService(
        text(s.serviceName()),
        text(s.serviceArn()),
        text(s.clusterArn()),
        text(s.status()),
        number(s.desiredCount()),
        number(s.runningCount()),
        number(s.pendingCount()),
        text(s.taskDefinition()),
        text(s.launchTypeAsString()),
        s.createdAt(),
        s.deployments().stream()
            .map(
                d ->
                    new EcsService.ServiceDeployment(
                        text(d.id()),
                        text(d.status()),
                        text(d.rolloutStateAsString()),
                        text(d.rolloutStateReason()),
                        number(d.desiredCount()),
                        number(d.runningCount()),
                        number(d.pendingCount()),
                        number(d.failedTasks()),
                        text(d.taskDefinition()),
                        d.createdAt()))
            .toList(),
        s.events().stream()
            .map(
                e ->
                    new EcsService.ServiceEvent(
                        text(e.id()),
                        e.createdAt() == null ? Instant.EPOCH : e.createdAt(),
                        text(e.message())))
            .toList(),
        s.loadBalancers().stream()
            .map(
                l ->
                    new EcsService.ServiceLoadBalancer(
                        l.targetGroupArn(), l.containerName(), l.containerPort()))
            .toList(),
        breaker != null && Boolean.TRUE.equals(breaker.enable()),
        breaker != null && Boolean.TRUE.equals(breaker.rollback()),
        s.healthCheckGracePeriodSeconds(),
        rollout == null ? null : rollout.minimumHealthyPercent(),
        rollout == null ? null : rollout.maximumPercent(),
        vpc == null ? List.of() : vpc.subnets(),
        vpc == null ? List.of() : vpc.securityGroups(),
        vpc == null ? null : vpc.assignPublicIpAsString());
  }

  private static EcsTask task(Task t) {
    return new EcsTask(
        text(t.taskArn()),
        text(t.group()),
        text(t.startedBy()),
        text(t.taskDefinitionArn()),
        text(t.lastStatus()),
        text(t.stopCodeAsString()),
        text(t.stoppedReason()),
        t.createdAt(),
        t.startedAt(),
        t.stoppedAt(),
        t.containers().stream()
            .map(
                c ->
                    new EcsTask.TaskContainer(
                        text(c.name()),
                        text(c.lastStatus()),
                        text(c.reason()),
                        c.exitCode(),
                        text(c.healthStatusAsString()),
                        text(c.image())))
            .toList());
  }

  private static TaskDefinition.ContainerDefinition definition(ContainerDefinition c) {
    Map<String, String> secrets = new LinkedHashMap<>();
    c.secrets().forEach(secret -> secrets.put(text(secret.name()), text(secret.valueFrom())));
    var log = c.logConfiguration();
    Map<String, String> options =
        log != null && "awslogs".equals(log.logDriverAsString()) ? log.options() : Map.of();
    return new TaskDefinition.ContainerDefinition(
        text(c.name()),
        text(c.image()),
        !Boolean.FALSE.equals(c.essential()),
        secrets,
        options.get("awslogs-group"),
        options.get("awslogs-stream-prefix"),
        options.get("awslogs-region"),
        "true".equals(options.get("awslogs-create-group")),
        c.healthCheck() == null ? null : String.join(" ", c.healthCheck().command()),
        c.portMappings().stream()
            .map(p -> p.containerPort())
            .filter(java.util.Objects::nonNull)
            .toList());
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private static String lastPart(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }
}
