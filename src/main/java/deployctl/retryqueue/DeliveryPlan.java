package deployctl.retryqueue;

import deployctl.notify.message.NotificationType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * In which order a channel's messages go out, and which need not go out any more.
 *
 * @param send in this order
 * @param coalesced progress that a later message of the same deployment has overtaken
 */
public record DeliveryPlan(List<QueuedMessage> send, List<QueuedMessage> coalesced) {
  /** From this age on a channel's backlog is what an outage left. */
  static final Duration LATE = Duration.ofMinutes(5);

  static final Comparator<QueuedMessage> ORDER =
      Comparator.comparingLong(QueuedMessage::sequence).thenComparing(QueuedMessage::id);

  /**
   * Plan a channel's messages. First come, first served; but after an outage people want to know
   * first how things ended.
   */
  public static DeliveryPlan of(List<QueuedMessage> messages, Instant now) {
    List<QueuedMessage> ordered = new ArrayList<>(messages);
    ordered.sort(ORDER);
    List<QueuedMessage> coalesced = overtaken(ordered);
    ordered.removeAll(coalesced);
    boolean late = !ordered.isEmpty() && ordered.get(0).occurredAt().isBefore(now.minus(LATE));
    if (late) {
      ordered.sort(
          Comparator.comparing((QueuedMessage message) -> !message.type().isFinal())
              .thenComparing(ORDER));
    }
    return new DeliveryPlan(List.copyOf(ordered), coalesced);
  }

  private static List<QueuedMessage> overtaken(List<QueuedMessage> ordered) {
    List<QueuedMessage> overtaken = new ArrayList<>();
    Set<String> newer = new HashSet<>();
    for (int i = ordered.size() - 1; i >= 0; i--) {
      QueuedMessage message = ordered.get(i);
      String id = message.correlationId();
      boolean progress = message.type() == NotificationType.PROGRESS;
      if (id == null || !progress && !message.type().isFinal()) {
        continue;
      }
      // What may be in the channel already is looked for, so that it is kept up to date there.
      boolean settled = !message.uncertain() && !message.attemptOpen();
      if (!newer.add(id) && progress && settled) {
        overtaken.add(message);
      }
    }
    return overtaken;
  }
}
