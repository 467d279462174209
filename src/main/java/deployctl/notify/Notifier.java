package deployctl.notify;

import deployctl.notify.message.DeploymentDetails;
import deployctl.notify.message.MessageBody;
import deployctl.notify.message.MessageRenderer;
import deployctl.notify.message.Notification;
import deployctl.retryqueue.ChannelLock;
import deployctl.retryqueue.ChannelWorker;
import deployctl.retryqueue.DeliveryPlan;
import deployctl.retryqueue.DrainRun;
import deployctl.retryqueue.DrainRun.DrainResult;
import deployctl.retryqueue.MessageSender;
import deployctl.retryqueue.OutgoingMessage;
import deployctl.retryqueue.QueueProcessor;
import deployctl.retryqueue.QueueUnavailable;
import deployctl.retryqueue.QueuedMessage;
import deployctl.retryqueue.Spool;
import deployctl.slack.Posted;
import deployctl.slack.Slack;
import deployctl.slack.SlackFailure;
import deployctl.slack.SlackPost;
import deployctl.slack.SlackProblem;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
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

  private final Spool queue;
  private final Slack slack;
  private final MessageRenderer composer;
  private final OutgoingMessage.Maker maker;
  private final String usualChannel;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<String> warnings;

  /**
   * Make a notifier.
   *
   * @param folder the queue's folder; made at the first message
   * @param usualChannel where a message goes that names no channel
   * @param warnings hears of what is wrong but does not stop it
   */
  public Notifier(
      Path folder,
      Slack slack,
      DeploymentDetails.DetailsSource facts,
      String usualChannel,
      Time time,
      RandomGenerator random,
      Consumer<String> warnings) {
    this.queue = new Spool(folder, time, random, warnings);
    this.slack = slack;
    this.composer = new MessageRenderer(facts);
    this.maker = new OutgoingMessage.Maker(composer, usualChannel, time);
    this.usualChannel = usualChannel;
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
    LOST
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
  public Delivery send(Notification notification) {
    QueuedMessage message;
    try {
      message = enqueue(notification);
    } catch (QueueUnavailable e) {
      warnings.accept(e.what() + ". " + e.nextStep());
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
    String channel = maker.channelOf(message);
    try {
      List<QueuedMessage> waiting = ofChannel(channel);
      int handled = -1;
      while (run.handled() > handled
          && waiting.stream().anyMatch(other -> run.result(other.id()) == null)) {
        handled = run.handled();
        Optional<ChannelLock> entered =
            ChannelLock.enter(queue, channel, begin.remaining(), time, random);
        if (entered.isEmpty()) {
          break;
        }
        try (ChannelLock lane = entered.get()) {
          worker().work(lane, DeliveryPlan.of(waiting, time.now()), run);
        }
        answers[0] = run.count(DrainRun.DeliveryStatus.SENT) > 0;
        waiting = run.goesOn() && answers[0] ? ofChannel(channel) : List.of();
      }
    } catch (QueueUnavailable e) {
      return queued(message, e.what());
    }
    return delivery(message, run);
  }

  /** Put a message into the queue without trying to send it; it is on disk when this returns. */
  public Delivery queue(Notification notification) {
    return queued(enqueue(notification), "");
  }

  /**
   * Put a message into the queue under a name made from a key, without trying to send it: said
   * again, it is the same message.
   *
   * @param key names the message among all others, for instance the deployment's id and "end"
   * @param again whether it may have been said, and even posted, before; it is then looked for in
   *     the channel before it is sent
   */
  public Delivery queueOnce(Notification notification, String key, boolean again) {
    CRC32 hash = new CRC32();
    hash.update(key.getBytes(StandardCharsets.UTF_8));
    String id =
        String.format(
            Locale.ROOT,
            "msg_%013d_%08x",
            notification.occurredAt().toEpochMilli(),
            hash.getValue());
    QueuedMessage waiting = again ? queue.read(id) : null;
    if (waiting != null || again && queue.isBuried(id)) {
      return new Delivery(id, NotifyOutcome.QUEUED, usualChannel, null, "");
    }
    JsonObject fields = fields(notification);
    if (again) {
      fields
          .put(QueuedMessage.UNCERTAIN, true)
          .put(QueuedMessage.FIRST_ATTEMPT_AT, Timestamps.format(notification.occurredAt()));
    }
    return queued(queue.add(id, fields), "");
  }

  /**
   * Try to send what waits for a channel; null means the usual one. Takes a few seconds at most.
   */
  public void flush(@Nullable String channel) {
    String lane = channel == null ? usualChannel : channel;
    Deadline begin = Deadline.in(BEGIN_WITHIN, time);
    DrainRun run = new DrainRun(Integer.MAX_VALUE, Duration.ZERO, () -> !begin.passed());
    try (ChannelLock entered =
        ChannelLock.enter(queue, lane, Duration.ZERO, time, random).orElse(null)) {
      if (entered != null) {
        worker().work(entered, DeliveryPlan.of(ofChannel(lane), time.now()), run);
      }
    } catch (QueueUnavailable e) {
      warnings.accept(e.what());
    }
  }

  /** Return the parts that work on the queue's files. */
  public Spool folder() {
    return queue;
  }

  public OutgoingMessage.Maker maker() {
    return maker;
  }

  public QueueProcessor processor() {
    return new QueueProcessor(queue, worker(), maker, time, random);
  }

  private ChannelWorker worker() {
    return new ChannelWorker(
        queue, new MessageSender(queue, slack, maker, time, random, warnings), time);
  }

  private QueuedMessage enqueue(Notification notification) {
    return queue.add(fields(notification));
  }

  private JsonObject fields(Notification notification) {
    Notification addressed =
        notification.channel() == null ? notification.to(usualChannel) : notification;
    MessageBody body = composer.compose(addressed);
    JsonObject fields =
        new JsonObject()
            .put("notification_type", addressed.type().word())
            .put("args", addressed.args())
            .put(QueuedMessage.CHANNEL, addressed.channel())
            .putIfKnown("correlation_id", addressed.correlationId())
            .put(QueuedMessage.TEXT, body.text());
    if (!body.blocks().isEmpty()) {
      fields.put(QueuedMessage.BLOCKS, body.blocks());
    }
    String now = Timestamps.format(time.now());
    fields
        .put(QueuedMessage.RETRY_COUNT, 0L)
        .put(QueuedMessage.QUEUED_AT, now)
        .put(QueuedMessage.OCCURRED_AT, Timestamps.format(addressed.occurredAt()))
        .put(QueuedMessage.NEXT_RETRY_AT, now)
        .put(QueuedMessage.LAST_ERROR, null);
    return fields;
  }

  private List<QueuedMessage> ofChannel(String channel) {
    List<QueuedMessage> messages = new ArrayList<>();
    for (String id : queue.waitingIds()) {
      QueuedMessage message = queue.read(id);
      if (message != null && maker.channelOf(message).equals(channel)) {
        messages.add(message);
      }
    }
    return messages;
  }

  private Delivery delivery(QueuedMessage message, DrainRun run) {
    DrainResult result = run.result(message.id());
    if (result != null) {
      switch (result.fate()) {
        case SENT -> {
          return new Delivery(
              message.id(), NotifyOutcome.SENT, maker.channelOf(message), result.posted(), "");
        }
        case BURIED -> {
          return new Delivery(
              message.id(), NotifyOutcome.DEAD, maker.channelOf(message), null, result.why());
        }
        case FAILED, FOLDED -> {}
      }
    }
    SlackFailure end = run.end() != null || result != null ? run.end() : untried();
    if (end != null && end.problem() == SlackProblem.STOP) {
      return new Delivery(
          message.id(), NotifyOutcome.BLOCKED, maker.channelOf(message), null, end.what());
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
    return new Delivery(message.id(), NotifyOutcome.QUEUED, maker.channelOf(message), null, why);
  }

  /** Without a queue there is one try, and no keeping of order. */
  private Delivery sendUnqueued(Notification notification, QueueUnavailable why) {
    String channel = notification.channel() == null ? usualChannel : notification.channel();
    MessageBody body = composer.compose(notification);
    String id = "unqueued_" + Long.toHexString(random.nextLong());
    String blocks =
        body.blocks().isEmpty() ? null : deployctl.support.json.Json.write(body.blocks());
    try {
      Posted posted = slack.post(new SlackPost(channel, null, false, body.text(), blocks, id));
      return new Delivery(id, NotifyOutcome.SENT, channel, posted, "");
    } catch (SlackFailure e) {
      return new Delivery(id, NotifyOutcome.LOST, channel, null, why.what() + "; " + e.what());
    }
  }
}
