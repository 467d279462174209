package deployctl.monitor.watch;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.operation.Progress;
import deployctl.operation.ResourceRun;
import deployctl.operation.StackOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an operation stands after a poll.
 *
 * @param status the stack's status
 * @param startedAt when the operation began, or null while it has not
 * @param activity what is at work
 * @param remaining what is known of the time that is left, or null for nothing
 */
public record Snapshot(
    String stackName,
    String status,
    StackOperation.OperationKind kind,
    @Nullable Instant startedAt,
    Instant at,
    Progress progress,
    Activity activity,
    @Nullable Remaining remaining) {

  /**
   * What is at work.
   *
   * @param running what is in progress, the longest first
   * @param latest the latest events, oldest first
   * @param services the services that the operation changes, with their tasks
   */
  public record Activity(
      List<ResourceRun> running, List<StackEvent> latest, List<ServiceEvidence> services) {}

  /** Return what is in progress, the longest first. */
  public List<ResourceRun> running() {
    return activity.running();
  }

  /** Return the latest events, oldest first. */
  public List<StackEvent> latest() {
    return activity.latest();
  }

  /** Return the services that the operation changes, with their tasks. */
  public List<ServiceEvidence> services() {
    return activity.services();
  }

  /**
   * The time that is left.
   *
   * @param middle as likely too much as too little
   * @param low the lower end of the interval
   * @param high its upper end
   * @param message the same for a sentence, for instance "about 9 min left (6 to 14)"
   * @param slow resources that take longer than nine of ten of their runs
   */
  public record Remaining(
      Duration middle, Duration low, Duration high, String message, List<Slow> slow) {
    /** A resource that takes long, and the words for it. */
    public record Slow(String logicalId, String message) {}
  }

  /** Return how long the operation has taken; zero while it has not begun. */
  public Duration elapsed() {
    Duration elapsed = startedAt == null ? Duration.ZERO : Duration.between(startedAt, at);
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
