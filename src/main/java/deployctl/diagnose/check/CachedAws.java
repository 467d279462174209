package deployctl.diagnose.check;

import deployctl.aws.AwsGateways;
import deployctl.aws.Database;
import deployctl.aws.EcsCluster;
import deployctl.aws.EcsService;
import deployctl.aws.EcsTask;
import deployctl.aws.ImageName;
import deployctl.aws.Images;
import deployctl.aws.LoadBalancing;
import deployctl.aws.SecretDescription;
import deployctl.aws.TaskDefinition;
import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.StackResource;
import deployctl.operation.OperationFeed;
import deployctl.operation.SeenEvents;
import deployctl.operation.StackOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What AWS says, asked once a run. Every method throws {@link AwsFailure}. */
public final class CachedAws {
  /** ECS keeps about an hour of stopped tasks; more than that many tell nothing new. */
  private static final int MOST_TASKS = 300;

  private final AwsGateways cloud;
  private final Memoizer once = new Memoizer();

  public CachedAws(AwsGateways cloud) {
    this.cloud = cloud;
  }

  public Optional<Stack> stack(String name) {
    return once.of("stack " + name, () -> cloud.stacks().get().find(name));
  }

  /**
   * The latest operation of a stack and the stacks nested in it.
   *
   * @param events the stack's own, oldest first
   */
  public record Latest(StackOperation operation, List<StackEvent> events) {}

  public Latest latest(Stack stack) {
    return once.of(
        "events " + stack.id(),
        () -> {
          OperationFeed feed =
              new OperationFeed(cloud.stacks().get(), stack.id(), null, new SeenEvents(20_000));
          feed.next();
          return new Latest(feed.operation(), feed.events());
        });
  }

  public List<StackResource> resources(String stack) {
    return once.of("resources " + stack, () -> cloud.stacks().get().resources(stack));
  }

  String template(String stack) {
    return once.of("template " + stack, () -> cloud.stacks().get().template(stack));
  }

  public Optional<EcsCluster> cluster(String name) {
    return once.of("cluster " + name, () -> cloud.services().get().cluster(name));
  }

  public Optional<EcsService> service(String cluster, String service) {
    return once.of(
        "service " + cluster + "/" + service,
        () -> cloud.services().get().service(cluster, service));
  }

  /**
   * Return stopped tasks, the latest first.
   *
   * @param service whose, or null for all of the cluster
   */
  public List<EcsTask> stoppedTasks(String cluster, @Nullable String service) {
    return tasks(cluster, service, "STOPPED");
  }

  List<EcsTask> runningTasks(String cluster, @Nullable String service) {
    return tasks(cluster, service, "RUNNING");
  }

  private List<EcsTask> tasks(String cluster, @Nullable String service, String status) {
    return once.of(
        "tasks " + cluster + "/" + service + " " + status,
        () -> {
          List<String> arns = cloud.services().get().tasks(cluster, service, status, MOST_TASKS);
          List<EcsTask> tasks = new ArrayList<>();
          if (!arns.isEmpty()) {
            tasks.addAll(cloud.services().get().describe(cluster, arns));
          }
          tasks.sort(java.util.Comparator.comparing(CachedAws::stoppedAt).reversed());
          return tasks;
        });
  }

  private static Instant stoppedAt(EcsTask task) {
    Instant at = task.stoppedAt() != null ? task.stoppedAt() : task.createdAt();
    return at == null ? Instant.EPOCH : at;
  }

  public TaskDefinition taskDefinition(String arn) {
    return once.of("task definition " + arn, () -> cloud.services().get().taskDefinition(arn));
  }

  public List<Database> databases() {
    return once.of("databases", () -> cloud.databases().get().all());
  }

  public List<Database.DatabaseEvent> databaseEvents(String id, Duration since) {
    return once.of("database events " + id, () -> cloud.databases().get().events(id, since));
  }

  public List<Database.SubnetGroup> subnetGroups() {
    return once.of("subnet groups", () -> cloud.databases().get().subnetGroups());
  }

  public Optional<SecretDescription> secret(String id) {
    return once.of("secret " + id, () -> cloud.secrets().get().find(id));
  }

  public Set<String> secretFields(String id) {
    return once.of("secret fields " + id, () -> cloud.secrets().get().fieldNames(id));
  }

  public List<SecretDescription> secretsNamed(String part) {
    return once.of("secrets " + part, () -> cloud.secrets().get().named(part));
  }

  public boolean logGroupExists(String group) {
    return once.of("log group " + group, () -> cloud.logs().get().groupExists(group));
  }

  /** Return the last lines of a task's own output, bounded by its start and stop. */
  public List<String> lines(
      String group, String stream, @Nullable Instant from, @Nullable Instant to) {
    return once.of(
        "lines " + group + " " + stream,
        () ->
            cloud
                .logs()
                .get()
                .lines(
                    group,
                    stream,
                    from == null ? null : from.minusSeconds(5),
                    to == null ? null : to.plusSeconds(60),
                    50));
  }

  public OptionalDouble quota(String service, String code) {
    return once.of("quota " + service + code, () -> cloud.quotas().get().value(service, code));
  }

  public String identity() {
    return once.of("identity", () -> cloud.identity().get().arn());
  }

  public Images.Presence image(ImageName image) {
    return once.of("image " + image, () -> cloud.images().get().find(image));
  }

  public List<String> newestTags(ImageName image) {
    return once.of("tags " + image.repository(), () -> cloud.images().get().newestTags(image, 5));
  }

  public Optional<List<LoadBalancing.RegisteredTarget>> targets(String group) {
    return once.of("targets " + group, () -> cloud.loadBalancing().get().targets(group));
  }

  public Optional<LoadBalancing.TargetGroup> targetGroup(String group) {
    return once.of("target group " + group, () -> cloud.loadBalancing().get().group(group));
  }

  public List<String> tagged(String stack) {
    return once.of("tagged " + stack, () -> cloud.tagged().get().ofStack(stack));
  }

  /** Return an answer, or a fallback where AWS gives none. */
  public static <T> T orElse(T fallback, java.util.function.Supplier<T> question) {
    try {
      return question.get();
    } catch (AwsFailure e) {
      return fallback;
    }
  }

  /** Tell whether a failure says that the asker may not ask. */
  static boolean denied(AwsFailure failure) {
    return failure.problem() == AwsErrorKind.ACCESS_DENIED;
  }
}
