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
import deployctl.operation.StackOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What AWS says, each question asked once a run. Every method throws {@link AwsFailure}. */
public final class CachedAws {
  /** ECS keeps about an hour of stopped tasks; more than that many tell nothing new. */
  private static final int MOST_TASKS = 300;

  private final AwsGateways gateways;
  private final Memoizer memoizer = new Memoizer(this::asked);
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicReference<@Nullable AwsFailure> away = new AtomicReference<>();

  public CachedAws(AwsGateways gateways) {
    this.gateways = gateways;
  }

  /** Note what came of a question: a refusal is an answer, too. */
  private void asked(@Nullable RuntimeException failure) {
    if (failure == null) {
      answered.set(true);
    } else if (failure instanceof AwsFailure aws) {
      boolean reached =
          aws.problem() == AwsErrorKind.ACCESS_DENIED
              || aws.problem() == AwsErrorKind.THROTTLED
              || aws.problem() == AwsErrorKind.NOT_FOUND
              || aws.problem() == AwsErrorKind.REJECTED;
      if (reached) {
        answered.set(true);
      } else {
        away.compareAndSet(null, aws);
      }
    }
  }

  /** Return the region that is asked, or null where the SDK's own chain decides. */
  public @Nullable String region() {
    return gateways.region();
  }

  /** Return why AWS could not be asked anything, or null when something was answered. */
  public @Nullable AwsFailure outage() {
    return answered.get() ? null : away.get();
  }

  public Optional<Stack> stack(String name) {
    return memoizer.of("stack " + name, () -> gateways.stacks().get().find(name));
  }

  /**
   * The latest operation of a stack and the stacks nested in it.
   *
   * @param events the stack's own, oldest first
   */
  public record Latest(StackOperation operation, List<StackEvent> events) {}

  public Latest latest(Stack stack) {
    return memoizer.of(
        "events " + stack.id(),
        () -> {
          OperationFeed feed = OperationFeed.latest(gateways.stacks().get(), stack.id());
          feed.next();
          return new Latest(feed.operation(), feed.events());
        });
  }

  public List<StackResource> resources(String stack) {
    return memoizer.of("resources " + stack, () -> gateways.stacks().get().resources(stack));
  }

  String template(String stack) {
    return memoizer.of("template " + stack, () -> gateways.stacks().get().template(stack));
  }

  public Optional<EcsCluster> cluster(String name) {
    return memoizer.of("cluster " + name, () -> gateways.services().get().cluster(name));
  }

  public Optional<EcsService> service(String cluster, String service) {
    return memoizer.of(
        "service " + cluster + "/" + service,
        () -> gateways.services().get().service(cluster, service));
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
    return memoizer.of(
        "tasks " + cluster + "/" + service + " " + status,
        () -> {
          List<String> arns = gateways.services().get().tasks(cluster, service, status, MOST_TASKS);
          List<EcsTask> tasks = new ArrayList<>();
          if (!arns.isEmpty()) {
            tasks.addAll(gateways.services().get().describe(cluster, arns));
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
    return memoizer.of(
        "task definition " + arn, () -> gateways.services().get().taskDefinition(arn));
  }

  public List<Database> databases() {
    return memoizer.of("databases", () -> gateways.databases().get().all());
  }

  public List<Database.DatabaseEvent> databaseEvents(String id, Duration since) {
    return memoizer.of("database events " + id, () -> gateways.databases().get().events(id, since));
  }

  public List<Database.SubnetGroup> subnetGroups() {
    return memoizer.of("subnet groups", () -> gateways.databases().get().subnetGroups());
  }

  public Optional<SecretDescription> secret(String id) {
    return memoizer.of("secret " + id, () -> gateways.secrets().get().find(id));
  }

  public Set<String> secretFields(String id) {
    return memoizer.of("secret fields " + id, () -> gateways.secrets().get().fieldNames(id));
  }

  public List<SecretDescription> secretsNamed(String part) {
    return memoizer.of("secrets " + part, () -> gateways.secrets().get().named(part));
  }

  public boolean logGroupExists(String group) {
    return memoizer.of("log group " + group, () -> gateways.logs().get().groupExists(group));
  }

  /** Return the last lines of a task's own output, bounded by its start and stop. */
  public List<String> lines(
      String group, String stream, @Nullable Instant from, @Nullable Instant to) {
    return memoizer.of(
        "lines " + group + " " + stream,
        () ->
            gateways
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
    return memoizer.of(
        "quota " + service + code, () -> gateways.quotas().get().value(service, code));
  }

  public String identity() {
    return memoizer.of("identity", () -> gateways.identity().get().arn());
  }

  public Images.Presence image(ImageName image) {
    return memoizer.of("image " + image, () -> gateways.images().get().find(image));
  }

  public List<String> newestTags(ImageName image) {
    return memoizer.of(
        "tags " + image.repository(), () -> gateways.images().get().newestTags(image, 5));
  }

  public Optional<List<LoadBalancing.RegisteredTarget>> targets(String group) {
    return memoizer.of("targets " + group, () -> gateways.loadBalancing().get().targets(group));
  }

  public Optional<LoadBalancing.TargetGroup> targetGroup(String group) {
    return memoizer.of("target group " + group, () -> gateways.loadBalancing().get().group(group));
  }

  public List<String> tagged(String stack) {
    return memoizer.of("tagged " + stack, () -> gateways.tagged().get().ofStack(stack));
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
