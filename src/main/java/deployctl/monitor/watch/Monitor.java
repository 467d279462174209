package deployctl.monitor.watch;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import deployctl.coordinator.lock.LeaseRenewer;
import deployctl.monitor.checkpoint.MonitorCheckpoint;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.checkpoint.MonitorSettings;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.watch.Alert.AlertKind;
import deployctl.operation.ExpectedChanges;
import deployctl.operation.ObservedOperation;
import deployctl.operation.OperationFeed;
import deployctl.operation.OperationReader;
import deployctl.operation.Progress;
import deployctl.operation.StackOperation;
import deployctl.registry.Deployment;
import deployctl.support.time.Deadline;
import deployctl.support.time.Durations;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one operation of a stack to its end and tells what happens, each thing once.
 *
 * <p>A poll asks for the stack, then for its events: what is known of the end came before, so that
 * its reason is among the events. One more look follows the end.
 */
public final class Monitor {
  private static final int SHOWN_EVENTS = 5;
  private static final Duration LAST_POLL = Duration.ofSeconds(2);

  private final WatchRequest request;
  private final MonitorSettings settings;
  private final Stacks stacks;
  private final LeaseRenewer lease;
  private final MonitorCheckpoint checkpoint;
  private final MonitorListener listener;
  private final Time time;
  private final Pace pace;
  private final Sleeper sleeper;
  private final OperationReader reader;
  private final OutageAlerts outage;
  private final StallDetector stall;
  private final Deque<StackEvent> latest = new ArrayDeque<>();
  private final Remainder remainder;
  private final ServiceWatch services;
  private List<ServiceEvidence> servicesSeen = List.of();

  private @Nullable String stackId;
  private @Nullable OperationFeed feed;
  private @Nullable ExpectedChanges expected;
  private @Nullable OperationResult removed;
  private @Nullable Deadline removedDeadline;
  private @Nullable Stack ended;
  private long lastMoveNanos;

  /** What another part knows of the time that is left. */
  @FunctionalInterface
  public interface Remainder {
    /** Return what is known of the time that is left, or null for nothing. */
    Snapshot.@Nullable Remaining of(ObservedOperation observed);
  }

  public Monitor(
      WatchRequest request,
      MonitorSettings settings,
      Stacks stacks,
      LeaseRenewer lease,
      MonitorCheckpoint checkpoint,
      MonitorListener listener,
      Remainder remainder,
      ServiceWatch services,
      Pace pace) {
    this.request = request;
    this.settings = settings;
    this.stacks = stacks;
    this.lease = lease;
    this.checkpoint = checkpoint;
    this.listener = listener;
    this.remainder = remainder;
    this.services = services;
    this.time = pace.time();
    this.pace = pace;
    this.sleeper = new Sleeper(time);
    this.reader = new OperationReader(stacks, warning -> {});
    this.outage = new OutageAlerts(settings, time, pace.random());
    this.stall = new StallDetector(settings.stallThreshold());
  }

  /**
   * Watch until the operation is over.
   *
   * @return how it ended, or empty when the monitor was told to end before
   */
  public Optional<OperationResult> run() {
    checkpoint.stall().ifPresent(stall::resume);
    services.resume(checkpoint.services());
    stackId = checkpoint.stackId();
    lastMoveNanos = time.nanos();
    Deadline stackDeadline = Deadline.in(settings.waitForStack(), time);
    Deadline operationDeadline = Deadline.in(settings.waitForOperation(), time);
    while (!pace.stopping().getAsBoolean()) {
      Duration pause = settings.checkInterval();
      try {
        Optional<OperationResult> end = poll(stackDeadline, operationDeadline);
        outage.answered().ifPresent(this::say);
        if (end.isPresent()) {
          return Optional.of(finish(end.get()));
        }
      } catch (AwsFailure e) {
        outage.failed(e).filter(alert -> e.problem().passing()).ifPresent(this::say);
        if (!outage.goesOn(e)) {
          return Optional.of(finish(gaveUp(e)));
        }
        pause = outage.pause();
      }
      renewLease();
      checkpoint.polled(stall.state(), feed == null ? null : feed.operation());
      sleep(pause);
    }
    return Optional.empty();
  }

  private void renewLease() {
    LeaseRenewer.LeaseCheck check = lease.check(feed != null);
    if (check.end() == LeaseRenewer.LeaseEnd.LOST) {
      String by = check.entry() == null ? null : check.entry().takenOverBy();
      say(
          Alert.of(
              AlertKind.LOCK_LOST,
              "place-lost",
              "The deployment's lock was taken over" + (by == null ? "" : " by " + by)));
    }
  }

  private Optional<OperationResult> poll(Deadline stackDeadline, Deadline operationDeadline) {
    String name = stackId != null ? stackId : request.lookup();
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
    OperationResult end = lastPoll(stack);
    return onlyRemoved(end) ? awaitNext(end) : Optional.of(end);
  }

  private Optional<OperationResult> notBegun(Stack stack, Deadline operationDeadline) {
    if (!operationDeadline.passed() && !deploymentOver()) {
      return waiting("No operation of " + stack.name() + " has begun yet (" + stack.status() + ")");
    }
    return Optional.of(OperationResults.nothingBegan(stack, lease.entry().orElse(null)));
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
        // Where its command has ended, nobody is left to make it anew.
        && lease
            .entry()
            .map(entry -> !entry.status().finished() && !entry.isLeftToItsWatcher())
            .orElse(false);
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
    expected = null;
    stackId = null;
    checkpoint.nextOperation();
    return Optional.empty();
  }

  /** Tell whether the operation is there that is to be followed; an earlier one is not it. */
  private boolean begun(Stack stack) {
    Instant over = lease.entry().map(Deployment::finishedAt).orElse(null);
    Instant latest = stack.operationStartedAt();
    if (checkpoint.operationStartedAt() == null
        && over != null
        && latest != null
        && latest.isAfter(over)) {
      // It began when this deployment was over: it is the next one's.
      return false;
    }
    if (stack.status().inProgress() || checkpoint.operationStartedAt() != null) {
      return true;
    }
    if (stack.status().name().equals("REVIEW_IN_PROGRESS")) {
      return false;
    }
    Instant deployment = lease.entry().map(Deployment::startedAt).orElse(null);
    Instant operation = stack.operationStartedAt();
    // The registry's times are to the second.
    return deployment == null
        || operation != null && !operation.isBefore(deployment.minusSeconds(1));
  }

  private boolean deploymentOver() {
    return lease.entry().map(entry -> entry.status().finished()).orElse(true);
  }

  private Optional<OperationResult> noStack(Deadline stackDeadline, Deadline operationDeadline) {
    OperationFeed following = feed;
    if (following != null) {
      OperationResult end = OperationResults.gone(request, following.operation(), time.now());
      return onlyRemoved(end) ? awaitNext(end) : Optional.of(end);
    }
    OperationResult before = removed;
    Deadline until = removedDeadline;
    if (before != null && until != null) {
      // Nothing has come after the removal: then that was all.
      return until.passed() || deploymentOver() ? Optional.of(before) : Optional.empty();
    }
    boolean registered = lease.entry().map(entry -> !entry.status().finished()).orElse(false);
    if (stackDeadline.passed() && (!registered || operationDeadline.passed())) {
      return Optional.of(OperationResults.noStack(request));
    }
    return waiting("There is no stack " + request.stack() + " yet");
  }

  private Optional<OperationResult> waiting(String text) {
    say(Alert.of(AlertKind.WAITING, "waiting", text));
    return Optional.empty();
  }

  /** Take in what is new of the operation and tell it; false while it does not show yet. */
  private boolean follow(Stack stack) {
    OperationFeed following = feed;
    if (following == null) {
      following = OperationFeed.since(stacks, stack.id(), checkpoint.operationStartedAt());
    }
    List<StackEvent> events = following.next();
    StackOperation operation = following.operation();
    boolean earlier = stack.status().inProgress() && (events.isEmpty() || operation.ended());
    if (feed == null && checkpoint.operationStartedAt() == null && earlier) {
      // What is shown is the operation before: yesterday's failure is not today's.
      return false;
    }
    if (feed == null) {
      feed = following;
      stackId = stack.id();
      checkpoint.stack(stack.id());
      begin(stack, operation);
    }
    boolean told = false;
    for (StackEvent event : events) {
      if (checkpoint.isNew(event)) {
        told = true;
        latest.addLast(event);
        if (latest.size() > SHOWN_EVENTS) {
          latest.removeFirst();
        }
        listener.event(event);
      }
    }
    checkpoint.told(events);
    alerts(stack, operation, told);
    servicesSeen = services.poll(operation, time.now());
    checkpoint.services(servicesSeen);
    Snapshot snapshot = snapshot(stack, operation);
    Snapshot.Remaining left = snapshot.remaining();
    if (left != null) {
      left.slow()
          .forEach(
              slow ->
                  say(
                      Alert.of(
                          AlertKind.SLOW_RESOURCE, "slow-" + slow.logicalId(), slow.message())));
    }
    if (stack.status().inProgress() || !snapshot.progress().rollingBack()) {
      listener.polled(snapshot);
    }
    return true;
  }

  private void begin(Stack stack, StackOperation operation) {
    Instant start = operation.startedAt();
    checkpoint.operation(start == null ? time.now() : start);
    String since = start == null ? "" : " since " + Timestamps.clock(start);
    say(
        Alert.of(
            AlertKind.BEGUN,
            "begun",
            "Following the " + operation.kind().describe() + " of " + stack.name() + since));
    // An operation that was silent before this monitor came has been silent for that long.
    Instant last = operation.lastEventAt();
    if (last != null) {
      Duration past = Duration.between(last, time.now());
      lastMoveNanos = time.nanos() - (past.isNegative() ? 0 : past.toNanos());
    }
  }

  private void alerts(Stack stack, StackOperation operation, boolean moved) {
    if (moved) {
      lastMoveNanos = time.nanos();
      stall.moved().ifPresent(this::say);
    }
    Instant now = time.now();
    AlertRules.of(request, stack, operation).forEach(this::say);
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
    if (expected == null) {
      // Asked once an operation, and again only when AWS was away.
      expected = reader.expected(stack, operation.kind()).orElse(null);
    }
    Instant now = time.now();
    return new Snapshot(
        stack.name(),
        stack.status().name(),
        operation.kind(),
        operation.startedAt(),
        now,
        Progress.of(operation, stack.id(), expected == null ? null : expected.count()),
        new Snapshot.Activity(operation.inProgress(now), List.copyOf(latest), servicesSeen),
        stack.status().inProgress() ? remainder.of(observed(stack, operation, now)) : null);
  }

  private ObservedOperation observed(Stack stack, StackOperation operation, Instant now) {
    return new ObservedOperation(
        stack.name(),
        stack.id(),
        operation.kind(),
        operation,
        expected == null ? ExpectedChanges.NONE : expected,
        now);
  }

  /**
   * Events come a moment after the status that they explain. A look that AWS does not answer is
   * repeated like any other, as long as the outage is borne.
   */
  private OperationResult lastPoll(Stack stack) {
    ended = stack;
    Duration interval = settings.checkInterval();
    sleep(interval.compareTo(LAST_POLL) < 0 ? interval : LAST_POLL);
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
    return OperationResults.gaveUp(request, failure, feed == null ? null : feed.operation());
  }

  private OperationResult finish(OperationResult report) {
    checkpoint.polled(stall.state(), feed == null ? null : feed.operation());
    Instant start = report.startedAt();
    if (start != null && report.outcome() != MonitorOutcome.UNKNOWN) {
      // Before anything that may take long: others answer from it.
      boolean succeeded = report.outcome() == MonitorOutcome.SUCCEEDED;
      lease.operationEnded(report.status(), start.plus(report.duration()), succeeded);
    }
    listener.end(report);
    OperationFeed followed = feed;
    if (followed != null && report.outcome() != MonitorOutcome.UNKNOWN) {
      listener.over(followed.events());
    }
    checkpoint.finished(report.outcome(), report.status(), report.summary());
    return report;
  }

  /** Say something unless it, or the same of an earlier monitor, was said already. */
  private void say(Alert alert) {
    if (checkpoint.firstTime(alert.key(), alert.kind().forSlack())) {
      listener.alert(alert);
    }
  }

  private void sleep(Duration length) {
    sleeper.sleep(length, pace.stopping());
  }
}
