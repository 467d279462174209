package deployctl.monitor.watch;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import deployctl.monitor.checkpoint.MonitorCheckpoint;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.monitor.view.SnapshotText;
import deployctl.monitor.watch.Alert.AlertKind;
import deployctl.operation.OperationFeed;
import deployctl.operation.Progress;
import deployctl.operation.SeenEvents;
import deployctl.operation.StackOperation;
import deployctl.registry.Deployment;
import deployctl.support.time.Deadline;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows one operation of a stack to its end and tells what happens, each thing once.
 *
 * <p>A poll asks for the stack, then for its events: what is known of the end came before, so that
 * its reason is among the events. One more look follows the end.
 */
public final class Monitor {
  /** How many ids are remembered of an operation; more than any page holds. */
  private static final int MOST_SEEN = 20_000;

  private static final int SHOWN_EVENTS = 5;
  private static final Duration STEP = Duration.ofMillis(200);
  private static final Duration LAST_LOOK = Duration.ofSeconds(2);

  private final WatchRequest watched;
  private final MonitorSettings settings;
  private final Stacks stacks;
  private final MonitorLease place;
  private final MonitorCheckpoint memory;
  private final MonitorListener listener;
  private final Time time;
  private final BooleanSupplier ending;
  private final MonitorPatience patience;
  private final StallDetector stall;
  private final Deque<StackEvent> latest = new ArrayDeque<>();
  private final Remainder remainder;
  private final ServiceWatch services;
  private List<ServiceEvidence> servicesSeen = List.of();

  private @Nullable String stackId;
  private @Nullable OperationFeed feed;
  private ExpectedChanges.@Nullable PlannedChanges plan;
  private @Nullable OperationResult removed;
  private @Nullable Deadline removedDeadline;
  private @Nullable Stack ended;
  private long lastMoveNanos;

  /** What another part knows of the time that is left. */
  @FunctionalInterface
  public interface Remainder {
    /** Return what is known of the time that is left, or null for nothing. */
    Snapshot.@Nullable Remaining of(
        Stack stack,
        StackOperation operation,
        ExpectedChanges.@Nullable PlannedChanges plan,
        Instant now);
  }

  public Monitor(
      WatchRequest watched,
      MonitorSettings settings,
      Stacks stacks,
      MonitorLease place,
      MonitorCheckpoint memory,
      MonitorListener listener,
      Remainder remainder,
      ServiceWatch services,
      Time time,
      RandomGenerator random,
      BooleanSupplier ending) {
    this.watched = watched;
    this.settings = settings;
    this.stacks = stacks;
    this.place = place;
    this.memory = memory;
    this.listener = listener;
    this.remainder = remainder;
    this.services = services;
    this.time = time;
    this.ending = ending;
    this.patience = new MonitorPatience(settings, time, random);
    this.stall = new StallDetector(settings.stallThreshold());
  }

  /**
   * Watch until the operation is over.
   *
   * @return how it ended, or empty when the monitor was told to end before
   */
  public Optional<OperationResult> run() {
    memory.restore(stall);
    services.resume(memory.services());
    stackId = memory.stackId();
    lastMoveNanos = time.nanos();
    Deadline stackDeadline = Deadline.in(settings.waitForStack(), time);
    Deadline operationDeadline = Deadline.in(settings.waitForOperation(), time);
    while (!ending.getAsBoolean()) {
      Duration pause = settings.checkInterval();
      try {
        Optional<OperationResult> end = poll(stackDeadline, operationDeadline);
        patience.answered().ifPresent(this::say);
        if (end.isPresent()) {
          return Optional.of(finish(end.get()));
        }
      } catch (AwsFailure e) {
        patience.failed(e).filter(notice -> e.problem().passing()).ifPresent(this::say);
        if (!patience.goesOn(e)) {
          return Optional.of(finish(gaveUp(e)));
        }
        pause = patience.pause();
      }
      place.keep().ifPresent(this::say);
      memory.polled(stall, feed == null ? null : feed.operation());
      sleep(pause);
    }
    return Optional.empty();
  }

  private Optional<OperationResult> poll(Deadline stackDeadline, Deadline operationDeadline) {
    String name = stackId != null ? stackId : watched.lookup();
    Stack stack = stacks.find(name).orElse(null);
    if (stack == null) {
      return noStack(stackDeadline, operationDeadline);
    }
    if (feed == null && !begun(stack)) {
      return notBegun(stack, operationDeadline);
    }
    if (!follow(stack)) {
      // CloudFormation says that it is at work and does not show its beginning yet.
      return waiting("The operation of " + stack.name() + " has not shown its beginning yet");
    }
    OperationFeed following = feed;
    boolean over = following != null && following.operation().ended();
    if (stack.status().inProgress() && !over) {
      return Optional.empty();
    }
    OperationResult end = lastLook(stack);
    return onlyRemoved(end) ? awaitNext(end) : Optional.of(end);
  }

  private Optional<OperationResult> notBegun(Stack stack, Deadline operationDeadline) {
    if (!operationDeadline.passed() && !deploymentOver()) {
      return waiting("No operation of " + stack.name() + " has begun yet (" + stack.status() + ")");
    }
    return Optional.of(OperationResults.nothingBegan(stack, place.entry().orElse(null)));
  }

  /**
   * Tell whether the stack was only removed so that it can be made anew, as CDK does with one whose
   * creation had been rolled back: the deployment goes on.
   */
  private boolean onlyRemoved(OperationResult end) {
    OperationFeed following = feed;
    return end.outcome() == MonitorOutcome.SUCCEEDED
        && removed == null
        && following != null
        && following.operation().kind() == StackOperation.OperationKind.DELETE
        && place.entry().map(entry -> !entry.status().finished()).orElse(false);
  }

  private Optional<OperationResult> awaitNext(OperationResult end) {
    say(
        Alert.of(
            AlertKind.WAITING,
            "removed",
            end.summary() + "; the deployment goes on, awaiting the next"));
    removed = end;
    removedDeadline = Deadline.in(settings.waitForOperation(), time);
    feed = null;
    plan = null;
    stackId = null;
    memory.nextOperation();
    return Optional.empty();
  }

  /** Tell whether the operation is there that is to be followed; an earlier one is not it. */
  private boolean begun(Stack stack) {
    if (stack.status().inProgress() || memory.operationStartedAt() != null) {
      return true;
    }
    if (stack.status().name().equals("REVIEW_IN_PROGRESS")) {
      return false;
    }
    Instant deployment = place.entry().map(Deployment::startedAt).orElse(null);
    Instant operation = stack.operationStartedAt();
    // The registry's times are to the second.
    return deployment == null
        || operation != null && !operation.isBefore(deployment.minusSeconds(1));
  }

  private boolean deploymentOver() {
    return place.entry().map(entry -> entry.status().finished()).orElse(true);
  }

  private Optional<OperationResult> noStack(Deadline stackDeadline, Deadline operationDeadline) {
    OperationFeed following = feed;
    if (following != null) {
      OperationResult end = OperationResults.gone(watched, following.operation(), time.now());
      return onlyRemoved(end) ? awaitNext(end) : Optional.of(end);
    }
    OperationResult before = removed;
    Deadline until = removedDeadline;
    if (before != null && until != null) {
      // Nothing has come after the removal: then that was all.
      return until.passed() || deploymentOver() ? Optional.of(before) : Optional.empty();
    }
    boolean registered = place.entry().map(entry -> !entry.status().finished()).orElse(false);
    if (stackDeadline.passed() && (!registered || operationDeadline.passed())) {
      return Optional.of(OperationResults.noStack(watched));
    }
    return waiting("There is no stack " + watched.stack() + " yet");
  }

  private Optional<OperationResult> waiting(String text) {
    say(Alert.of(AlertKind.WAITING, "waiting", text));
    return Optional.empty();
  }

  /** Take in what is new of the operation and tell it; false while it does not show yet. */
  private boolean follow(Stack stack) {
    OperationFeed following = feed;
    if (following == null) {
      following =
          new OperationFeed(
              stacks, stack.id(), memory.operationStartedAt(), new SeenEvents(MOST_SEEN));
    }
    List<StackEvent> events = following.next();
    StackOperation operation = following.operation();
    boolean earlier = stack.status().inProgress() && (events.isEmpty() || operation.ended());
    if (feed == null && memory.operationStartedAt() == null && earlier) {
      // What is shown is the operation before: yesterday's failure is not today's.
      return false;
    }
    if (feed == null) {
      feed = following;
      stackId = stack.id();
      memory.stack(stack.id());
      begin(stack, operation);
    }
    boolean told = false;
    for (StackEvent event : events) {
      if (memory.isNew(event)) {
        told = true;
        latest.addLast(event);
        if (latest.size() > SHOWN_EVENTS) {
          latest.removeFirst();
        }
        listener.event(event);
      }
    }
    memory.told(events);
    notices(stack, operation, told);
    servicesSeen = services.look(operation, time.now());
    memory.services(servicesSeen);
    Snapshot snapshot = snapshot(stack, operation);
    Snapshot.Remaining left = snapshot.remaining();
    if (left != null) {
      left.slow()
          .forEach(
              slow ->
                  say(Alert.of(AlertKind.SLOW_RESOURCE, "slow-" + slow.logicalId(), slow.words())));
    }
    if (stack.status().inProgress() || !snapshot.progress().rollingBack()) {
      listener.look(snapshot);
    }
    return true;
  }

  private void begin(Stack stack, StackOperation operation) {
    Instant start = operation.startedAt();
    memory.operation(start == null ? time.now() : start);
    String since = start == null ? "" : " since " + SnapshotText.utc(start);
    say(
        Alert.of(
            AlertKind.BEGUN,
            "begun",
            "Following the " + operation.kind().words() + " of " + stack.name() + since));
    // An operation that was silent before this monitor came has been silent for that long.
    Instant last = operation.lastEventAt();
    if (last != null) {
      Duration past = Duration.between(last, time.now());
      lastMoveNanos = time.nanos() - (past.isNegative() ? 0 : past.toNanos());
    }
  }

  private void notices(Stack stack, StackOperation operation, boolean moved) {
    if (moved) {
      lastMoveNanos = time.nanos();
      stall.moved().ifPresent(this::say);
    }
    Instant now = time.now();
    AlertRules.of(watched, stack, operation).forEach(this::say);
    if (!stack.status().inProgress()) {
      return;
    }
    Duration silence = Duration.ofNanos(time.nanos() - lastMoveNanos);
    stall.silent(silence, operation.inProgress(now), now).ifPresent(this::say);
    Instant start = operation.startedAt();
    Duration elapsed = start == null ? Duration.ZERO : Duration.between(start, now);
    if (elapsed.compareTo(settings.maxDuration()) > 0) {
      say(
          Alert.of(
              AlertKind.OVERDUE,
              "overdue",
              "It has taken "
                  + Durations.humane(elapsed)
                  + ", more than the "
                  + Durations.humane(settings.maxDuration())
                  + " that a deployment may take"));
    }
  }

  private Snapshot snapshot(Stack stack, StackOperation operation) {
    if (plan == null) {
      plan = new ExpectedChanges(stacks).of(stack, operation.kind()).orElse(null);
    }
    Instant now = time.now();
    return new Snapshot(
        stack.name(),
        stack.status().name(),
        operation.kind(),
        operation.startedAt(),
        now,
        Progress.of(operation, stack.id(), plan == null ? null : plan.count()),
        operation.inProgress(now),
        List.copyOf(latest),
        servicesSeen,
        stack.status().inProgress() ? remainder.of(stack, operation, plan, now) : null);
  }

  /**
   * Events come a moment after the status that they explain. A look that AWS does not answer is
   * repeated like any other, as long as there is patience.
   */
  private OperationResult lastLook(Stack stack) {
    ended = stack;
    Duration interval = settings.checkInterval();
    sleep(interval.compareTo(LAST_LOOK) < 0 ? interval : LAST_LOOK);
    follow(stack);
    return over(stack);
  }

  private OperationResult over(Stack stack) {
    OperationFeed followed = feed;
    return OperationResults.over(
        stack, followed == null ? new StackOperation(stack.id()) : followed.operation());
  }

  private OperationResult gaveUp(AwsFailure failure) {
    Stack known = ended;
    if (known != null && failure.problem().passing()) {
      // How it ended is known; only its last words are not.
      return over(known);
    }
    return OperationResults.gaveUp(watched, failure, feed == null ? null : feed.operation());
  }

  private OperationResult finish(OperationResult report) {
    memory.polled(stall, feed == null ? null : feed.operation());
    listener.end(report);
    OperationFeed followed = feed;
    if (followed != null && report.outcome() != MonitorOutcome.UNKNOWN) {
      listener.over(followed.events());
    }
    memory.finished(report);
    return report;
  }

  /** Say something unless it, or the same of an earlier monitor, was said already. */
  private void say(Alert notice) {
    if (memory.firstTime(notice)) {
      listener.notice(notice);
    }
  }

  /** In small steps: an interrupt would also break what is being written. */
  private void sleep(Duration length) {
    Deadline end = Deadline.in(length, time);
    try {
      while (!ending.getAsBoolean() && !end.passed()) {
        Duration left = end.remaining();
        time.sleep(left.compareTo(STEP) < 0 ? left : STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
