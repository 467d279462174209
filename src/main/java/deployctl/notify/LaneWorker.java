package deployctl.notify;

import deployctl.notify.Run.Fate;
import deployctl.notify.Run.Result;
import deployctl.slack.Posted;
import deployctl.slack.Slack;
import deployctl.slack.SlackFailure;
import deployctl.slack.SlackProblem;
import deployctl.support.time.Backoff;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Sends a channel's messages in their order, and writes down what became of each. */
final class LaneWorker {
  /** Attempts that reach Slack, after which a message is given up. */
  static final int MOST_ATTEMPTS = 5;

  /** How long a message is carried, from its first attempt. */
  static final Duration MOST_AGE = Duration.ofHours(24);

  /** Attempts that end with their process, after which a message is set aside. */
  static final int MOST_CRASHES = 3;

  static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(300), Duration.ofSeconds(1));

  /** How long a channel is left alone where Slack does not say. */
  private static final Duration USUAL_HOLD = Duration.ofSeconds(30);

  /** Slack's documented rate, kept to once it has complained: a message a second and channel. */
  private static final Duration PACE = Duration.ofMillis(1_020);

  /** Answers that mean: the history cannot be looked at, today or tomorrow. */
  private static final Set<String> BLIND =
      Set.of(
          "missing_scope",
          "no_permission",
          "access_denied",
          "not_allowed_token_type",
          "unknown_method",
          "method_not_supported_for_channel_type",
          "channel_not_found",
          "not_in_channel",
          "invalid_channel");

  private final QueueFolder queue;
  private final Slack slack;
  private final Deliverable.Maker maker;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<String> warnings;

  LaneWorker(
      QueueFolder queue,
      Slack slack,
      Deliverable.Maker maker,
      Time time,
      RandomGenerator random,
      Consumer<String> warnings) {
    this.queue = queue;
    this.slack = slack;
    this.maker = maker;
    this.time = time;
    this.random = random;
    this.warnings = warnings;
  }

  /** What the lane does after a message. */
  private enum Next {
    GO_ON,
    AGAIN,
    LEAVE,
    /** Nothing can be posted here: the rest need not be tried. */
    PARKED
  }

  /** Work through a plan; returns when it is done or the lane cannot go on. */
  void work(Lane lane, Plan plan, Run run) {
    for (QueuedMessage message : plan.fold()) {
      queue.remove(message.id());
      run.note(message.id(), new Result(Fate.FOLDED, null, "a later message tells more"));
    }
    Deque<QueuedMessage> waiting = new ArrayDeque<>(plan.send());
    long lastSend = 0;
    boolean paced = false;
    while (!waiting.isEmpty()) {
      if (!run.goesOn() || !outlastsHold(lane, run)) {
        break;
      }
      QueuedMessage message = queue.read(waiting.getFirst().id());
      if (message == null || alreadyBuried(message)) {
        waiting.removeFirst();
        continue;
      }
      if (!due(message) || !run.takeAttempt()) {
        break;
      }
      if (paced) {
        sleep(PACE.minusNanos(time.nanos() - lastSend));
      }
      lastSend = time.nanos();
      Next next = handle(lane, message, run);
      if (next == Next.AGAIN) {
        paced = true;
        continue;
      }
      waiting.removeFirst();
      if (next == Next.PARKED) {
        buryAll(waiting, String.valueOf(lane.parked()), run);
        waiting.clear();
      }
      if (next != Next.GO_ON) {
        break;
      }
    }
    run.skip(waiting.size());
  }

  private void buryAll(Collection<QueuedMessage> messages, String reason, Run run) {
    for (QueuedMessage planned : messages) {
      QueuedMessage message = queue.read(planned.id());
      if (message != null) {
        bury(message.with(QueuedMessage.LAST_ERROR, reason), reason, run);
      }
    }
  }

  private boolean alreadyBuried(QueuedMessage message) {
    // Requeued messages have no death in them; one that has was killed between burial and removal.
    boolean twice = queue.isBuried(message.id());
    if (twice) {
      queue.remove(message.id());
    }
    return twice;
  }

  private boolean due(QueuedMessage message) {
    Instant now = time.now();
    Instant tried = Timestamps.read(message.fields().get("last_attempt_at"));
    boolean steppedBack = tried != null && tried.isAfter(now.plusSeconds(1));
    return steppedBack || !message.nextRetryAt().isAfter(now);
  }

  /** Wait for the end of a hold if that is near; returns whether the lane can go on. */
  private boolean outlastsHold(Lane lane, Run run) {
    Duration left = lane.remainingHold();
    if (left.compareTo(run.holdPatience()) > 0) {
      return false;
    }
    sleep(left);
    return true;
  }

  private Next handle(Lane lane, QueuedMessage read, Run run) {
    QueuedMessage message = read;
    if (message.attemptOpen()) {
      message =
          message
              .with(QueuedMessage.CRASHED, (long) message.crashedAttempts() + 1)
              .with(QueuedMessage.UNCERTAIN, true);
      if (message.crashedAttempts() > MOST_CRASHES) {
        bury(message, "crashed", run);
        return Next.GO_ON;
      }
    }
    DeploymentThread thread = DeploymentThread.of(queue, lane, message.correlationId());
    Deliverable what = maker.make(message, lane, thread);
    QueuedMessage open = begin(what.message());
    if (open == null) {
      return Next.LEAVE;
    }
    try {
      if (message.uncertain() && what.target() == null) {
        Optional<Posted> found = slack.find(what.post(), firstAttempt(open));
        if (found.isPresent()) {
          delivered(lane, thread, open, found.get(), run);
          return Next.GO_ON;
        }
        if (message.crashedAttempts() >= MOST_CRASHES) {
          bury(message, "crashed", run);
          return Next.GO_ON;
        }
      }
    } catch (SlackFailure e) {
      return couldNotLook(lane, message, e, run);
    }
    try {
      Posted posted =
          what.target() == null
              ? slack.post(what.post())
              : slack.update(what.target(), what.post());
      delivered(lane, thread, open, posted, run);
      return Next.GO_ON;
    } catch (SlackFailure e) {
      return failed(new Attempt(lane, thread, what, open), e, run);
    }
  }

  /** One try to send a message. */
  private record Attempt(Lane lane, DeploymentThread thread, Deliverable what, QueuedMessage open) {
    /** Return the message without the mark of an attempt. */
    QueuedMessage closed() {
      return open.with(QueuedMessage.ATTEMPT_AT, null).with(QueuedMessage.UNCERTAIN, null);
    }
  }

  /** Mark an attempt before it is made, so that a kill leaves a trace. Null: it cannot be made. */
  private @Nullable QueuedMessage begin(QueuedMessage message) {
    QueuedMessage open =
        message
            .with(QueuedMessage.FIRST_ATTEMPT_AT, firstAttempt(message))
            .with(QueuedMessage.ATTEMPT_AT, time.now());
    try {
      queue.write(open);
      return open;
    } catch (QueueUnavailable e) {
      warnings.accept(e.what());
      // On a full disk files can still be removed, and the message can go out unmarked. Where
      // nothing can be changed it would go out again and again.
      return queue.changeable() ? open : null;
    }
  }

  private Instant firstAttempt(QueuedMessage message) {
    Instant first = message.firstAttemptAt();
    return first == null ? time.now() : first;
  }

  private void delivered(
      Lane lane, DeploymentThread thread, QueuedMessage message, Posted posted, Run run) {
    thread.delivered(message.type(), posted);
    queue.remove(message.id());
    lane.delivered(posted.channelId());
    run.note(message.id(), new Result(Fate.SENT, posted, ""));
  }

  private Next failed(Attempt attempt, SlackFailure e, Run run) {
    QueuedMessage closed = attempt.closed().with(QueuedMessage.LAST_ERROR, e.what());
    return switch (e.problem()) {
      case HOLD_CHANNEL -> hold(attempt.lane(), closed, e, run);
      case STOP -> {
        // The token's fault: for the message it is as if nothing had been tried.
        keep(untried(attempt, closed), e, run);
        run.endWith(e);
        yield Next.LEAVE;
      }
      case UNREACHABLE -> {
        run.endWith(e);
        yield expired(closed) ? bury(closed, "expired", run) : keep(closed, e, run);
      }
      case RETRY, AMBIGUOUS, NO_ANSWER -> {
        if (e.problem().outOfReach()) {
          run.endWith(e);
        }
        boolean look = e.problem().mayHavePosted() && attempt.what().target() == null;
        yield again(look ? closed.with(QueuedMessage.UNCERTAIN, true) : closed, e, run);
      }
      case DEAD_MESSAGE -> {
        bury(closed, e.code(), run);
        yield Next.GO_ON;
      }
      case STALE_TARGET -> withoutTarget(attempt, closed, e, run);
      case PARKED_CHANNEL -> {
        attempt.lane().park(e.code());
        bury(closed, e.code(), run);
        yield Next.PARKED;
      }
    };
  }

  private static QueuedMessage untried(Attempt attempt, QueuedMessage closed) {
    return closed.with(QueuedMessage.FIRST_ATTEMPT_AT, attempt.what().message().firstAttemptAt());
  }

  private Next hold(Lane lane, QueuedMessage closed, SlackFailure e, Run run) {
    Duration asked = e.retryAfter();
    Duration length = asked == null ? USUAL_HOLD : asked;
    keep(closed, e, run);
    lane.hold(length);
    return length.compareTo(run.holdPatience()) > 0 ? Next.LEAVE : Next.AGAIN;
  }

  /** The message to be replaced or answered is gone: send this one for itself. */
  private Next withoutTarget(Attempt attempt, QueuedMessage closed, SlackFailure e, Run run) {
    if (attempt.what().target() != null) {
      attempt.thread().forgetProgress();
    } else if (attempt.what().post().thread() != null) {
      attempt.thread().forget();
    } else {
      bury(closed, e.code(), run);
      return Next.GO_ON;
    }
    keep(closed, e, run);
    return Next.AGAIN;
  }

  private Next couldNotLook(Lane lane, QueuedMessage uncertain, SlackFailure e, Run run) {
    QueuedMessage closed =
        uncertain.with(QueuedMessage.ATTEMPT_AT, null).with(QueuedMessage.LAST_ERROR, e.what());
    if (BLIND.contains(e.code())) {
      bury(closed, QueuedMessage.UNCERTAIN, run);
      return Next.GO_ON;
    }
    if (e.problem() == SlackProblem.HOLD_CHANNEL) {
      return hold(lane, closed, e, run);
    }
    if (e.problem() == SlackProblem.STOP || e.problem().outOfReach()) {
      run.endWith(e);
      return keep(closed, e, run);
    }
    return again(closed, e, run);
  }

  /** An attempt that reached Slack has failed and may succeed later. */
  private Next again(QueuedMessage closed, SlackFailure e, Run run) {
    int count = closed.retryCount() + 1;
    QueuedMessage counted =
        closed
            .with(QueuedMessage.RETRY_COUNT, (long) count)
            .with("last_attempt_at", time.now())
            .with(
                QueuedMessage.NEXT_RETRY_AT,
                Timestamps.ceiling(time.now().plus(BACKOFF.delay(count, random))));
    if (count >= MOST_ATTEMPTS || expired(closed)) {
      bury(counted, count >= MOST_ATTEMPTS ? e.code() : "expired", run);
      return Next.GO_ON;
    }
    return keep(counted, e, run);
  }

  private boolean expired(QueuedMessage message) {
    Instant first = message.firstAttemptAt();
    return first != null && first.isBefore(time.now().minus(MOST_AGE));
  }

  private Next keep(QueuedMessage closed, SlackFailure e, Run run) {
    try {
      queue.write(closed);
    } catch (QueueUnavailable full) {
      warnings.accept(full.what());
    }
    run.note(closed.id(), new Result(Fate.FAILED, null, e.what()));
    return Next.LEAVE;
  }

  private Next bury(QueuedMessage message, String reason, Run run) {
    String error = message.lastError();
    try {
      queue.bury(message, reason);
      run.note(message.id(), new Result(Fate.BURIED, null, error == null ? reason : error));
    } catch (QueueUnavailable e) {
      warnings.accept(e.what());
      run.note(message.id(), new Result(Fate.FAILED, null, e.what()));
    }
    return Next.LEAVE;
  }

  private void sleep(Duration duration) {
    try {
      time.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
