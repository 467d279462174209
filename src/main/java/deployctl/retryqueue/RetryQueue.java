package deployctl.retryqueue;

import deployctl.notify.message.AddressedNotification;
import deployctl.notify.message.MessageBody;
import deployctl.notify.message.MessageRenderer;
import deployctl.slack.Slack;
import deployctl.state.StateStore;
import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/** Messages that wait for Slack: taken in, looked at, and worked off. */
public final class RetryQueue {
  private final Spool spool;
  private final MessageRenderer renderer;
  private final OutgoingMessage.Maker maker;
  private final ChannelWorker worker;
  private final String usualChannel;
  private final Time time;

  /**
   * Make a queue.
   *
   * @param store where the messages are; made with the first of them
   * @param usualChannel where a message goes that names no channel
   * @param warnings hears of what is wrong but does not stop it
   */
  public RetryQueue(
      StateStore store,
      Slack slack,
      MessageRenderer renderer,
      String usualChannel,
      Time time,
      RandomGenerator random,
      Consumer<String> warnings) {
    this.spool = new Spool(store, time, random, warnings);
    this.renderer = renderer;
    this.maker = new OutgoingMessage.Maker(renderer, usualChannel, time);
    this.worker =
        new ChannelWorker(
            spool, new MessageSender(spool, slack, maker, time, random, warnings), time);
    this.usualChannel = usualChannel;
    this.time = time;
  }

  /** Take a message in; it is kept when this returns. */
  public QueuedMessage add(AddressedNotification notification) {
    return spool.add(fields(notification));
  }

  /**
   * Take a message in under a name made from a key: said again, it is the same message.
   *
   * @param key names the message among all others, for instance the deployment's id and "end"
   * @param again whether it may have been said, and even posted, before; it is then looked for in
   *     the channel before it is sent
   * @return its name
   */
  public String addOnce(AddressedNotification notification, String key, boolean again) {
    CRC32 hash = new CRC32();
    hash.update(key.getBytes(StandardCharsets.UTF_8));
    String id =
        String.format(
            Locale.ROOT,
            "msg_%013d_%08x",
            notification.occurredAt().toEpochMilli(),
            hash.getValue());
    if (again && (spool.read(id) != null || spool.isBuried(id))) {
      return id;
    }
    JsonObject fields = fields(notification);
    if (again) {
      fields
          .put(QueuedMessage.UNCERTAIN, true)
          .put(QueuedMessage.FIRST_ATTEMPT_AT, Timestamps.format(notification.occurredAt()));
    }
    return spool.add(id, fields).id();
  }

  /** Return the words of a notification, for a message that cannot be kept. */
  public MessageBody render(AddressedNotification notification) {
    return renderer.render(notification);
  }

  /** Return the channel that a message goes to. */
  public String channelOf(QueuedMessage message) {
    return maker.channelOf(message);
  }

  /** Return the channel that a message goes to which names none. */
  public String usualChannel() {
    return usualChannel;
  }

  /** Return what waits for a channel, in no order. */
  public List<QueuedMessage> waitingFor(String channel) {
    List<QueuedMessage> messages = new ArrayList<>();
    for (String id : spool.waitingIds()) {
      QueuedMessage message = spool.read(id);
      if (message != null && channelOf(message).equals(channel)) {
        messages.add(message);
      }
    }
    return messages;
  }

  /**
   * Send messages of a channel as its holder.
   *
   * @param messages what waits, asked for once the channel is this process's
   * @param timeout how long to wait for another that has the channel
   * @return false when another keeps it, and nothing was done
   */
  public boolean send(
      String channel, Supplier<List<QueuedMessage>> messages, Duration timeout, DrainRun run) {
    Optional<ChannelLock> taken = ChannelLock.take(spool, channel, timeout, time);
    if (taken.isEmpty()) {
      return false;
    }
    try (ChannelLock lock = taken.get()) {
      worker.work(lock, DeliveryPlan.of(messages.get(), time.now()), run);
    }
    return true;
  }

  /** Return how the queue stands. */
  QueueStatus status() {
    return QueueStatus.of(spool, processor().byChannel(), time);
  }

  /** Return what works the queue off. */
  QueueProcessor processor() {
    return new QueueProcessor(spool, worker, maker, time);
  }

  /** Return the messages themselves. */
  Spool spool() {
    return spool;
  }

  /** Return what makes messages ready to go out. */
  OutgoingMessage.Maker maker() {
    return maker;
  }

  private JsonObject fields(AddressedNotification notification) {
    AddressedNotification addressed =
        notification.channel() == null ? notification.to(usualChannel) : notification;
    MessageBody body = renderer.render(addressed);
    JsonObject fields =
        new JsonObject()
            .put("notification_type", addressed.content().type().word())
            .put("args", JsonMasking.value(addressed.content().args()))
            .put(QueuedMessage.CHANNEL, addressed.channel())
            .putIfKnown("correlation_id", addressed.content().correlationId())
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
}
