package deployctl.notify;

import deployctl.notify.message.AddressedNotification;
import deployctl.notify.message.MessageBody;
import deployctl.retryqueue.DrainRun;
import deployctl.retryqueue.DrainRun.DrainResult;
import deployctl.retryqueue.QueuedMessage;
import deployctl.retryqueue.RetryQueue;
import deployctl.slack.Posted;
import deployctl.slack.Slack;
import deployctl.slack.SlackFailure;
import deployctl.slack.SlackPost;
import deployctl.slack.SlackProblem;
import deployctl.state.StateUnavailable;
import deployctl.support.json.Json;
import deployctl.support.time.Deadline;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tells people something in Slack, and loses nothing of it: a message is on disk before it is sent,
 * and leaves the disk when Slack has it.
 *
 * <p>The only part of this package that others use. Sending never takes more than a few seconds:
 * what cannot go out now waits in the queue.
 */
public final class Notifier {
  /** Calls are begun so long; with the time-out of the last one that is what a deployment waits. */
  private static final Duration BEGIN_WITHIN = Duration.ofMillis(600);

  /** The same while Slack is seen to answer. */
  private static final Duration WELL_WITHIN = Duration.ofMillis(2_500);

  /** How often is looked whether a message may be tried again. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private final RetryQueue queue;
  private final Slack slack;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<String> warnings;
  private final boolean on;
  private final AtomicBoolean said = new AtomicBoolean();

  /**
   * Make a notifier.
   *
   * @param queue where every message waits first
   * @param warnings hears of what is wrong but does not stop it
   * @param on false when nothing is to be sent or queued
   */
  public Notifier(
      RetryQueue queue,
      Slack slack,
      Time time,
      RandomGenerator random,
      Consumer<String> warnings,
      boolean on) {
    this.on = on;
    this.queue = queue;
    this.slack = slack;
    this.time = time;
    this.random = random;
    this.warnings = warnings;
  }

  /** What became of a message. */
  public enum NotifyOutcome {
    /** It is in the channel. */
    SENT,
    /** It waits on disk; nothing is wrong that would not pass. */
    QUEUED,
    /** It waits on disk until somebody mends the token. */
    BLOCKED,
    /** It was given up: it is a dead letter. */
    DEAD,
    /** It is neither sent nor kept: there is no queue to keep it in. */
    LOST,
    /** Slack is switched off: nothing was done. */
    OFF
  }

  /**
   * What became of a message, and why.
   *
   * @param messageId its name in the queue
   * @param posted where it is, or null unless it was sent
   * @param why what Slack said, or what is in the way; empty when it was sent
   */
  public record Delivery(
      String messageId,
      NotifyOutcome outcome,
      String channel,
      @Nullable Posted posted,
      String why) {}

  /**
   * Put a message into the queue and try to send it, after those of its channel that wait already.
   */
  public Delivery send(AddressedNotification notification) {
    if (isOff()) {
      return off(notification);
    }
    QueuedMessage message;
    try {
      message = queue.add(notification);
    } catch (StateUnavailable e) {
      warnings.accept(e.whatAndNext());
      return sendUnqueued(notification, e);
    }
    Deadline begin = Deadline.in(BEGIN_WITHIN, time);
    Deadline well = Deadline.in(WELL_WITHIN, time);
    boolean[] answers = {false};
    // While Slack answers, what else waits goes along; a silent one is not asked twice.
    DrainRun run =
        new DrainRun(
            Integer.MAX_VALUE,
            Duration.ZERO,
            () -> !begin.passed() || answers[0] && !well.passed());
    String channel = queue.channelOf(message);
    try {
      List<QueuedMessage> waiting = queue.waitingFor(channel);
      int handled = -1;
      while (run.handled() > handled
          && waiting.stream().anyMatch(other -> run.result(other.id()) == null)) {
        handled = run.handled();
        List<QueuedMessage> now = waiting;
        if (!queue.send(channel, () -> now, begin.remaining(), run)) {
          break;
        }
        answers[0] = run.count(DrainRun.DeliveryStatus.SENT) > 0;
        waiting = run.goesOn() && answers[0] ? queue.waitingFor(channel) : List.of();
      }
    } catch (StateUnavailable e) {
      return queued(message, e.what());
    }
    return delivery(message, run);
  }

  /** Put a message into the queue without trying to send it; it is on disk when this returns. */
  public Delivery queue(AddressedNotification notification) {
    if (isOff()) {
      return off(notification);
    }
    return queued(queue.add(notification), "");
  }

  /**
   * Put a message into the queue under a name made from a key, without trying to send it; see
   * {@link RetryQueue#addOnce}.
   */
  public void queueOnce(AddressedNotification notification, String key, boolean again) {
    if (!isOff()) {
      queue.addOnce(notification, key, again);
    }
  }

  /**
   * Try to send what waits for a channel; null means the usual one. Takes a few seconds at most.
   */
  public void flush(@Nullable String channel) {
    if (isOff()) {
      return;
    }
    String wanted = channel == null ? queue.usualChannel() : channel;
    Deadline begin = Deadline.in(BEGIN_WITHIN, time);
    DrainRun run = new DrainRun(Integer.MAX_VALUE, Duration.ZERO, () -> !begin.passed());
    try {
      queue.send(wanted, () -> queue.waitingFor(wanted), Duration.ZERO, run);
    } catch (StateUnavailable e) {
      warnings.accept(e.what());
    }
  }

  /**
   * What waits still.
   *
   * @param why what is in the way; empty when nothing waits
   */
  public record Undelivered(int messages, String why) {}

  /**
   * Send what waits for a channel, and try again for a while where that may help.
   *
   * @param channel null for the usual one
   * @param most how long; a call that has begun takes its own time
   */
  public Undelivered deliver(@Nullable String channel, Duration most) {
    if (isOff()) {
      return new Undelivered(0, "");
    }
    String wanted = channel == null ? queue.usualChannel() : channel;
    Deadline end = Deadline.in(most, time);
    Sleeper sleeper = new Sleeper(time);
    String why = "another process is sending";
    while (true) {
      DrainRun run = new DrainRun(Integer.MAX_VALUE, Duration.ZERO, () -> !end.passed());
      List<QueuedMessage> waiting;
      try {
        queue.send(wanted, () -> queue.waitingFor(wanted), Duration.ZERO, run);
        waiting = queue.waitingFor(wanted);
      } catch (StateUnavailable e) {
        return new Undelivered(1, e.what());
      }
      if (waiting.isEmpty()) {
        return new Undelivered(0, "");
      }
      SlackFailure failure = run.end();
      String error = waiting.get(0).lastError();
      why = failure != null ? failure.what() : error != null ? error : why;
      boolean stop = failure != null && failure.problem() == SlackProblem.STOP;
      if (stop || end.passed() || !sleeper.sleep(LOOK)) {
        return new Undelivered(waiting.size(), why);
      }
    }
  }

  /** Tell whether nothing is to be sent, and say so once. */
  private boolean isOff() {
    if (!on && !said.getAndSet(true)) {
      warnings.accept("Slack is switched off (slack.enabled): nothing is sent or queued");
    }
    return !on;
  }

  private Delivery off(AddressedNotification notification) {
    String channel = notification.channel() == null ? queue.usualChannel() : notification.channel();
    return new Delivery("", NotifyOutcome.OFF, channel, null, "Slack is switched off");
  }

  private Delivery delivery(QueuedMessage message, DrainRun run) {
    String channel = queue.channelOf(message);
    DrainResult result = run.result(message.id());
    if (result != null) {
      switch (result.status()) {
        case SENT -> {
          return new Delivery(message.id(), NotifyOutcome.SENT, channel, result.posted(), "");
        }
        case BURIED -> {
          return new Delivery(message.id(), NotifyOutcome.DEAD, channel, null, result.why());
        }
        case FAILED, COALESCED -> {}
      }
    }
    SlackFailure end = run.end() != null || result != null ? run.end() : untried();
    if (end != null && end.problem() == SlackProblem.STOP) {
      return new Delivery(message.id(), NotifyOutcome.BLOCKED, channel, null, end.what());
    }
    String why =
        end != null
            ? end.what()
            : result != null ? result.why() : "earlier messages to this channel wait, too";
    return queued(message, why);
  }

  /** A message that was not tried waits; without a token it would wait for ever. */
  private @Nullable SlackFailure untried() {
    try {
      slack.check();
      return null;
    } catch (SlackFailure e) {
      return e.problem() == SlackProblem.STOP ? e : null;
    }
  }

  private Delivery queued(QueuedMessage message, String why) {
    return new Delivery(message.id(), NotifyOutcome.QUEUED, queue.channelOf(message), null, why);
  }

  /** Without a queue there is one try, and no keeping of order. */
  private Delivery sendUnqueued(AddressedNotification notification, StateUnavailable why) {
    String channel = notification.channel() == null ? queue.usualChannel() : notification.channel();
    MessageBody body = queue.render(notification);
    String id = "unqueued_" + Long.toHexString(random.nextLong());
    String blocks = body.blocks().isEmpty() ? null : Json.write(body.blocks());
    try {
      Posted posted = slack.post(new SlackPost(channel, null, false, body.text(), blocks, id));
      return new Delivery(id, NotifyOutcome.SENT, channel, posted, "");
    } catch (SlackFailure e) {
      return new Delivery(id, NotifyOutcome.LOST, channel, null, why.what() + "; " + e.what());
    }
  }
}
