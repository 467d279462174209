package deployctl.retryqueue;

import deployctl.retryqueue.DrainRun.DeliveryStatus;
import deployctl.retryqueue.DrainRun.DrainResult;
import deployctl.slack.Posted;
import deployctl.slack.Slack;
import deployctl.slack.SlackFailure;
import deployctl.slack.SlackPost;
import deployctl.slack.SlackProblem;
import deployctl.state.StateUnavailable;
import deployctl.support.Failure;
import deployctl.support.time.Backoff;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tries to send one message, and writes down what became of it. Used by whoever has the channel's
 * lock.
 *
 * <p>An attempt is written down before it is made. Attempts that reach Slack count; outages,
 * silence, rate limits, the token's errors and looking for a message do not. An attempt whose
 * process was ended, by whomever, says nothing about its message: it is looked for, and sent if it
 * is not there. Only an error of this program's own, which it lives to write down, is held against
 * the message.
 */
public final class MessageSender {
  /** Attempts that reach Slack, after which a message is given up. */
  static final int MOST_ATTEMPTS = 5;

  /** How long a message is carried, from its first attempt. */
  static final Duration MOST_AGE = Duration.ofHours(24);

  /** How often in a row this program may fail at a message before that is set aside. */
  static final int MOST_OWN_FAILURES = 3;

  static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(300), Duration.ofSeconds(1));

  /** How long a channel is left alone where Slack does not say. */
  private static final Duration USUAL_HOLD = Duration.ofSeconds(30);

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
          "invalid_channel",
          "thread_not_found");

  /** What the channel does after a message. */
  enum Next {
    /** The next message. */
    GO_ON,
    /** The same message once more. */
    AGAIN,
    /** Nothing more in this run. */
    LEAVE,
    /** Nothing can be posted here: the rest need not be tried. */
    SUSPENDED
  }

  private final Spool queue;
  private final Slack slack;
  private final OutgoingMessage.Maker maker;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<String> warnings;

  public MessageSender(
      Spool queue,
      Slack slack,
      OutgoingMessage.Maker maker,
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

  /** One try to send a message. */
  private record SendAttempt(
      ChannelLock lock,
      DeploymentThread thread,
      OutgoingMessage what,
      QueuedMessage open,
      DrainRun run) {
    /** Return the message without the mark of an attempt, as something that was not posted. */
    QueuedMessage closed() {
      return open.with(QueuedMessage.ATTEMPT_AT, null)
          .with(QueuedMessage.UNCERTAIN, null)
          .with(QueuedMessage.OWN_FAILURES, null);
    }
  }

  /** Try to send a message that is due. */
  Next send(ChannelLock lock, QueuedMessage read, DrainRun run) {
    try {
      return trySend(lock, read, run);
    } catch (Failure e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return failedByItself(queue.read(read.id()), e, run);
    }
  }

  /** The others must not wait for a message at which this program fails each time. */
  private Next failedByItself(@Nullable QueuedMessage message, Throwable why, DrainRun run) {
    if (message == null) {
      return Next.GO_ON;
    }
    long failures = message.ownFailures() + 1L;
    QueuedMessage failed =
        message
            .with(QueuedMessage.OWN_FAILURES, failures)
            .with(QueuedMessage.LAST_ERROR, "deployctl failed at it: " + why);
    warnings.accept(
        message.id()
            + " could not be sent: deployctl failed at it ("
            + why
            + "), "
            + failures
            + (failures == 1 ? " time" : " times in a row"));
    keep(failed, "deployctl failed at it: " + why, run);
    return Next.GO_ON;
  }

  private Next setAside(QueuedMessage message, DrainRun run) {
    warnings.accept(
        message.id()
            + " is set aside: deployctl failed at it "
            + message.ownFailures()
            + " times in a row ("
            + message.lastError()
            + "). See 'deployctl retry-queue dead-letters show "
            + message.id()
            + "'");
    bury(message, "crashed", run);
    return Next.GO_ON;
  }

  private Next trySend(ChannelLock lock, QueuedMessage read, DrainRun run) {
    QueuedMessage message = read.attemptOpen() ? read.with(QueuedMessage.UNCERTAIN, true) : read;
    boolean hopeless = message.ownFailures() >= MOST_OWN_FAILURES;
    // What was never posted need not be looked for, nor what this program cannot even look for.
    if (hopeless && (!message.uncertain() || message.ownFailures() > MOST_OWN_FAILURES)) {
      return setAside(message, run);
    }
    DeploymentThread thread = DeploymentThread.of(queue, lock, message.correlationId());
    OutgoingMessage what = maker.make(message, lock, thread);
    if (what.post().text().isBlank()) {
      bury(message, "no_text", run);
      return Next.GO_ON;
    }
    if (hopeless && what.target() != null) {
      // It replaces one that is there: nothing new could have been posted.
      return setAside(message, run);
    }
    Begun begun = begin(what);
    if (begun == null) {
      run.cannotWrite();
      return Next.LEAVE;
    }
    SendAttempt attempt = new SendAttempt(lock, thread, what, begun.open(), run);
    // An attempt that could not be marked may have had others before it that could not either.
    if (what.target() == null && (message.uncertain() || !begun.marked())) {
      try {
        Optional<Posted> found =
            slack.find(whereItWas(message, what), searchSince(begun.open()), run::goesOn);
        if (found.isPresent()) {
          delivered(attempt, found.get());
          return Next.GO_ON;
        }
      } catch (SlackFailure e) {
        boolean blind = BLIND.contains(e.code());
        if (!blind || message.uncertain() && message.requeued() == 0) {
          return couldNotLook(attempt, message, e);
        }
        // Nobody can look, and a person has decided that it is to go out.
      }
      if (hopeless) {
        return setAside(message, run);
      }
      if (!run.goesOn()) {
        return keep(attempt.closed(), "not tried again in time", run);
      }
    }
    return post(attempt);
  }

  private Next post(SendAttempt attempt) {
    OutgoingMessage what = attempt.what();
    try {
      delivered(
          attempt,
          what.target() == null
              ? slack.post(what.post())
              : slack.update(what.target(), what.post()));
      return Next.GO_ON;
    } catch (SlackFailure e) {
      return failed(attempt, e);
    }
  }

  /** A message is looked for where it was sent to, which may not be where it would go now. */
  private static SlackPost whereItWas(QueuedMessage message, OutgoingMessage what) {
    String thread = message.fields().string(QueuedMessage.ATTEMPT_THREAD);
    SlackPost post = what.post();
    return thread == null
        ? post
        : new SlackPost(
            post.channel(),
            thread.isEmpty() ? null : thread,
            post.broadcast(),
            post.text(),
            post.blocks(),
            post.messageId());
  }

  /** An attempt that has begun, and whether that stands on disk. */
  private record Begun(QueuedMessage open, boolean marked) {}

  /** Mark an attempt before it is made, so that a kill leaves a trace. Null: it cannot be made. */
  private @Nullable Begun begin(OutgoingMessage what) {
    String thread = what.post().thread();
    QueuedMessage message = what.message();
    QueuedMessage open =
        message
            .with(QueuedMessage.FIRST_ATTEMPT_AT, firstAttempt(message))
            .with(QueuedMessage.ATTEMPT_AT, time.now());
    if (!message.uncertain()) {
      open = open.with(QueuedMessage.ATTEMPT_THREAD, thread == null ? "" : thread);
    }
    try {
      queue.write(open);
      return new Begun(open, true);
    } catch (StateUnavailable e) {
      warnings.accept(e.what());
      // On a full disk files can still be removed, and the message can go out unmarked. Where
      // nothing can be changed it would go out again and again.
      return queue.changeable() ? new Begun(open, false) : null;
    }
  }

  private Instant firstAttempt(QueuedMessage message) {
    Instant first = message.firstAttemptAt();
    return first == null ? time.now() : first;
  }

  private Instant searchSince(QueuedMessage message) {
    Instant since = Timestamps.read(message.fields().get(QueuedMessage.LOOK_SINCE));
    return since == null ? firstAttempt(message) : since;
  }

  private void delivered(SendAttempt attempt, Posted posted) {
    QueuedMessage message = attempt.open();
    attempt.thread().delivered(message.type(), posted);
    queue.remove(message.id());
    attempt.lock().delivered(posted.channelId());
    attempt.run().note(message.id(), new DrainResult(DeliveryStatus.SENT, posted, ""));
  }

  private Next failed(SendAttempt attempt, SlackFailure e) {
    DrainRun run = attempt.run();
    QueuedMessage closed = attempt.closed().with(QueuedMessage.LAST_ERROR, e.what());
    boolean uncertain = e.problem().mayHavePosted() && attempt.what().target() == null;
    QueuedMessage kept = uncertain ? closed.with(QueuedMessage.UNCERTAIN, true) : closed;
    return switch (e.problem()) {
      case HOLD_CHANNEL -> hold(attempt.lock(), closed, e, run);
      case STOP -> {
        // The token's fault: for the message it is as if nothing had been tried.
        run.endWith(e);
        yield keep(
            closed.with(QueuedMessage.FIRST_ATTEMPT_AT, attempt.what().message().firstAttemptAt()),
            e.what(),
            run);
      }
      case UNREACHABLE, NO_ANSWER -> {
        run.endWith(e);
        yield expired(kept) ? bury(kept, "expired", run) : keep(kept, e.what(), run);
      }
      case RETRY, AMBIGUOUS -> again(kept, e, run);
      case DEAD_MESSAGE -> {
        bury(closed, e.code(), run);
        yield Next.GO_ON;
      }
      case STALE_TARGET -> withoutTarget(attempt, closed, e);
      case UNUSABLE_CHANNEL -> {
        attempt.lock().suspend(e.code());
        bury(closed, e.code(), run);
        yield Next.SUSPENDED;
      }
    };
  }

  private Next hold(ChannelLock lock, QueuedMessage closed, SlackFailure e, DrainRun run) {
    if (expired(closed)) {
      bury(closed, "expired", run);
      return Next.GO_ON;
    }
    Duration asked = e.retryAfter();
    keep(closed, e.what(), run);
    lock.hold(asked == null ? USUAL_HOLD : asked);
    return lock.remainingHold().compareTo(run.longestHold()) > 0 ? Next.LEAVE : Next.AGAIN;
  }

  /** The message to be replaced or answered is gone: send this one for itself. */
  private Next withoutTarget(SendAttempt attempt, QueuedMessage closed, SlackFailure e) {
    if (attempt.what().target() != null) {
      attempt.thread().forgetProgress();
    } else if (attempt.what().post().thread() != null) {
      attempt.thread().forget();
    } else {
      bury(closed, e.code(), attempt.run());
      return Next.GO_ON;
    }
    keep(closed, e.what(), attempt.run());
    return Next.AGAIN;
  }

  /** Whether it arrived could not be found out; that is no attempt to send it. */
  private Next couldNotLook(SendAttempt attempt, QueuedMessage uncertain, SlackFailure e) {
    DrainRun run = attempt.run();
    QueuedMessage closed =
        uncertain
            .with(QueuedMessage.ATTEMPT_AT, null)
            .with(QueuedMessage.LAST_ERROR, e.what())
            .with(QueuedMessage.FIRST_ATTEMPT_AT, firstAttempt(attempt.open()));
    if (BLIND.contains(e.code())) {
      warnings.accept(
          uncertain.id()
              + " may have been posted, and the channel's history cannot be looked at ("
              + e.code()
              + "); it is a dead letter. "
              + (e.code().equals("missing_scope")
                  ? "Allow the token channels:history, or look into the channel"
                  : "Look into the channel, and see that the bot is in it"));
      bury(closed, QueuedMessage.UNCERTAIN, run);
      return Next.GO_ON;
    }
    if (e.problem() == SlackProblem.HOLD_CHANNEL) {
      return hold(attempt.lock(), closed, e, run);
    }
    if (e.problem() == SlackProblem.STOP || e.problem().outOfReach()) {
      run.endWith(e);
    } else {
      run.failedAtSlack(e);
    }
    return expired(closed) ? bury(closed, "expired", run) : keep(closed, e.what(), run);
  }

  /** An attempt that reached Slack has failed and may succeed later. */
  private Next again(QueuedMessage closed, SlackFailure e, DrainRun run) {
    if (e.problem() == SlackProblem.AMBIGUOUS) {
      run.failedAtSlack(e);
    }
    int count = closed.retryCount() + 1;
    QueuedMessage counted =
        closed
            .with(QueuedMessage.RETRY_COUNT, (long) count)
            .with(QueuedMessage.LAST_ATTEMPT_AT, time.now())
            .with(
                QueuedMessage.NEXT_RETRY_AT,
                Timestamps.ceiling(time.now().plus(BACKOFF.delay(count, random))));
    if (count >= MOST_ATTEMPTS || expired(closed)) {
      bury(counted, count >= MOST_ATTEMPTS ? e.code() : "expired", run);
      return Next.GO_ON;
    }
    return keep(counted, e.what(), run);
  }

  private boolean expired(QueuedMessage message) {
    Instant first = message.firstAttemptAt();
    return first != null && first.isBefore(time.now().minus(MOST_AGE));
  }

  private Next keep(QueuedMessage closed, String why, DrainRun run) {
    try {
      queue.write(closed);
    } catch (StateUnavailable full) {
      warnings.accept(full.what());
      run.cannotWrite();
    }
    run.note(closed.id(), new DrainResult(DeliveryStatus.FAILED, null, why));
    return Next.LEAVE;
  }

  /** Give a message up; one that cannot be moved to the dead letters stays where it is. */
  Next bury(QueuedMessage message, String reason, DrainRun run) {
    String error = message.lastError();
    try {
      queue.bury(message, reason);
      run.note(
          message.id(),
          new DrainResult(DeliveryStatus.BURIED, null, error == null ? reason : error));
    } catch (StateUnavailable e) {
      warnings.accept(e.what());
      run.cannotWrite();
      run.note(message.id(), new DrainResult(DeliveryStatus.FAILED, null, e.what()));
    }
    return Next.LEAVE;
  }
}
