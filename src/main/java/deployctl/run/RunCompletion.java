package deployctl.run;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import deployctl.monitor.watch.WatchRequest;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification;
import deployctl.notify.message.NotificationType;
import deployctl.operation.OperationFeed;
import deployctl.operation.SeenEvents;
import deployctl.operation.StackOperation;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.time.Durations;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What is said and remembered when a deployment is over. */
final class RunCompletion {
  /** How long AWS may take to tell how the stack's operation went. */
  private static final Duration AWS_PATIENCE = Duration.ofSeconds(6);

  private final RunContext context;
  private final WatchRequest watched;
  private final Target target;
  private final Deployment entry;
  private final DeploymentRun.RunOptions wishes;
  private final Instant begun;
  private final Instant ended;
  private final boolean cancelled;
  private final boolean lost;
  private final int exit;
  private final @Nullable ObservedEnd seen;

  /** What the stack did meanwhile. */
  private record ObservedEnd(StackOperation operation, List<StackEvent> events) {}

  RunCompletion(
      RunContext context,
      WatchRequest watched,
      Target target,
      Deployment entry,
      DeploymentRun.RunOptions wishes,
      Instant begun,
      boolean cancelled,
      boolean lost,
      int exit) {
    this.context = context;
    this.watched = watched;
    this.target = target;
    this.entry = entry;
    this.wishes = wishes;
    this.begun = begun;
    this.cancelled = cancelled;
    this.lost = lost;
    this.exit = exit;
    this.ended = context.time().now();
    this.seen = cancelled ? null : look();
  }

  private @Nullable ObservedEnd look() {
    CompletableFuture<@Nullable ObservedEnd> answer = new CompletableFuture<>();
    Thread thread = new Thread(() -> answer.complete(ask()), "ending");
    thread.setDaemon(true);
    thread.start();
    try {
      return answer.get(AWS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Ask for the operation that this deployment made; null when it made none, or AWS is away. */
  private @Nullable ObservedEnd ask() {
    try {
      Stacks stacks = context.monitoring().stacks().get();
      Stack stack = stacks.find(target.stackName()).orElse(null);
      Instant started = stack == null ? null : stack.operationStartedAt();
      // CloudFormation's clock and ours may differ by some seconds.
      if (stack == null || started == null || started.isBefore(begun.minusSeconds(5))) {
        return null;
      }
      OperationFeed feed = new OperationFeed(stacks, stack.id(), null, new SeenEvents(20_000));
      feed.next();
      return new ObservedEnd(feed.operation(), feed.events());
    } catch (AwsFailure e) {
      context.console().warn("How the stack's operation went is not known: " + e.what());
      return null;
    }
  }

  /** Learn from the operation, and keep the deployment in the history. */
  void record() {
    if (cancelled || lost) {
      return;
    }
    try {
      ObservedEnd known = seen;
      if (known != null) {
        context.monitoring().recorder().get().record(watched, known.events());
      }
      String commit = entry.toJson().string("commit");
      context
          .history()
          .get()
          .change(
              history ->
                  history.note(
                      entry.correlationId(),
                      target.stackName(),
                      target.environment(),
                      exit == 0,
                      commit,
                      entry.toJson(),
                      begun,
                      ended));
    } catch (Failure e) {
      context.console().warn("The history was not written: " + e.what());
    }
  }

  /**
   * Say how it ended, unless the monitor has.
   *
   * @param told whether the monitor has told the end
   */
  void announce(boolean told) {
    say();
    if (told) {
      return;
    }
    try {
      Notifier notifier = context.monitoring().notifier().get();
      notifier.queueOnce(message().to(wishes.channel()), entry.correlationId() + "|end", false);
      notifier.flush(wishes.channel());
    } catch (Failure e) {
      context.console().warn("Slack was not told: " + e.what());
    }
  }

  private void say() {
    String length = Durations.humane(Duration.between(begun, ended));
    if (exit == 0 && !cancelled && !lost) {
      context.console().note(entry.correlationId() + " succeeded in " + length);
    } else {
      context
          .console()
          .warn(entry.correlationId() + " did not succeed: " + why() + ", after " + length);
    }
  }

  private Notification message() {
    String minutes =
        String.format(Locale.ROOT, "%.1f", Duration.between(begun, ended).toMillis() / 60_000.0);
    if (exit == 0 && !cancelled && !lost) {
      return wishes.url() == null
          ? Notification.about(
              NotificationType.COMPLETE,
              ended,
              entry.correlationId(),
              target.environment(),
              minutes)
          : Notification.about(
              NotificationType.COMPLETE,
              ended,
              entry.correlationId(),
              target.environment(),
              minutes,
              String.valueOf(wishes.url()));
    }
    return Notification.about(
        NotificationType.FAILED,
        ended,
        entry.correlationId(),
        target.environment(),
        why(),
        target.stackName());
  }

  private String why() {
    if (lost) {
      return "it lost its place and was told to end";
    }
    if (cancelled) {
      return "it was cancelled";
    }
    ObservedEnd known = seen;
    String cause =
        known == null
            ? ""
            : known.operation().rootCause().map(failure -> ": " + failure.line()).orElse("");
    return "the command exited with " + exit + cause;
  }
}
