package deployctl.retryqueue;

import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the queue stands.
 *
 * @param due how many could be sent now
 * @param oldestQueuedAt null when nothing waits
 * @param nextRetryAt when the next message that is not due yet will be; null when there is none
 * @param corrupt damaged files that were set aside
 */
record QueueStatus(
    int queued,
    int due,
    int deadLetters,
    @Nullable Instant oldestQueuedAt,
    @Nullable Instant nextRetryAt,
    int corrupt,
    List<ChannelStatus> channels) {

  /**
   * How a channel stands.
   *
   * @param hold how long Slack wants to be left alone, zero for not
   * @param suspended why nothing can be posted there, as last seen, or null
   * @param lastError what the first waiting message met, or null
   */
  record ChannelStatus(
      String name,
      int queued,
      Instant oldestQueuedAt,
      Duration hold,
      @Nullable String suspended,
      @Nullable String lastError) {}

  static QueueStatus of(Spool queue, Map<String, List<QueuedMessage>> channelled, Time time) {
    Instant now = time.now();
    int queued = 0;
    int due = 0;
    Instant oldest = null;
    Instant next = null;
    List<ChannelStatus> channels = new ArrayList<>();
    for (Map.Entry<String, List<QueuedMessage>> entry : channelled.entrySet()) {
      ChannelLock lock = ChannelLock.peek(queue, entry.getKey(), time);
      Duration hold = lock.remainingHold();
      ChannelStatus channel = channel(entry.getKey(), entry.getValue(), lock, hold);
      channels.add(channel);
      queued += channel.queued();
      oldest = earlier(oldest, channel.oldestQueuedAt());
      // In the channel's order: what stands behind a message that is not due is not due either.
      boolean behind = !hold.isZero();
      if (behind) {
        next = earlier(next, now.plus(hold));
      }
      for (QueuedMessage message : DeliveryPlan.of(entry.getValue(), now).send()) {
        if (!behind && !ChannelWorker.isDue(message, now)) {
          behind = true;
          next = earlier(next, message.nextRetryAt());
        }
        due += behind ? 0 : 1;
      }
    }
    return new QueueStatus(
        queued, due, queue.deadIds().size(), oldest, next, queue.corruptCount(), channels);
  }

  private static ChannelStatus channel(
      String name, List<QueuedMessage> messages, ChannelLock lock, Duration hold) {
    List<QueuedMessage> ordered = new ArrayList<>(messages);
    ordered.sort(DeliveryPlan.ORDER);
    Instant oldest = ordered.get(0).queuedAt();
    for (QueuedMessage message : ordered) {
      oldest = message.queuedAt().isBefore(oldest) ? message.queuedAt() : oldest;
    }
    return new ChannelStatus(
        name, ordered.size(), oldest, hold, lock.suspended(), ordered.get(0).lastError());
  }

  JsonObject toJson(Instant now) {
    return new JsonObject()
        .put("queued", queued)
        .put("due", due)
        .put("dead_letters", deadLetters)
        .put("oldest_queued_at", text(oldestQueuedAt))
        .put("next_retry_at", text(nextRetryAt))
        .put("oldest_age_minutes", age(oldestQueuedAt, now))
        .put("corrupt", corrupt)
        .put(
            "channels",
            channels.stream()
                .map(
                    channel ->
                        new JsonObject()
                            .put("channel", channel.name())
                            .put("queued", channel.queued())
                            .put("oldest_queued_at", text(channel.oldestQueuedAt()))
                            .put("held_seconds", channel.hold().toSeconds())
                            .put("parked", channel.suspended())
                            .put("last_error", channel.lastError()))
                .toList());
  }

  private static @Nullable Double age(@Nullable Instant since, Instant now) {
    return since == null ? null : Math.max(0, Timestamps.minutesBetween(since, now));
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }

  private static Instant earlier(@Nullable Instant one, Instant other) {
    return one == null || other.isBefore(one) ? other : one;
  }
}
