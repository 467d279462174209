package deployctl.retryqueue;

import deployctl.slack.SlackFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The queue as others see it: how it stands, and the two things they may ask of it. */
public final class QueueInspection {
  private final RetryQueue queue;

  /** Make an inspection of a queue. */
  public QueueInspection(RetryQueue queue) {
    this.queue = queue;
  }

  /**
   * How the queue stands.
   *
   * @param due how many could be sent now
   * @param oldestQueuedAt null when nothing waits
   * @param held channels that Slack wants to be left alone, each with how long
   * @param suspended channels that nothing can be posted to, each with why
   * @param deadReasons how many dead letters there are for each reason
   * @param unreadable how many messages and dead letters are there and cannot be read
   */
  public record Standing(
      int queued,
      int due,
      @Nullable Instant oldestQueuedAt,
      Map<String, Duration> held,
      Map<String, String> suspended,
      Map<String, Integer> deadReasons,
      int unreadable) {
    /** Return how many dead letters there are. */
    public int dead() {
      return deadReasons.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /** Look at the queue. */
  public Standing standing() {
    Spool spool = queue.spool();
    QueueStatus status = queue.status();
    Map<String, Duration> held = new TreeMap<>();
    Map<String, String> suspended = new TreeMap<>();
    for (QueueStatus.ChannelStatus channel : status.channels()) {
      if (!channel.hold().isZero()) {
        held.put(channel.name(), channel.hold());
      }
      String why = channel.suspended();
      if (why != null) {
        suspended.put(channel.name(), why);
      }
    }
    Map<String, Integer> reasons = new TreeMap<>();
    for (String id : spool.deadIds()) {
      QueuedMessage dead = spool.readDead(id);
      String reason = dead == null ? null : dead.fields().string(QueuedMessage.REASON);
      reasons.merge(reason == null ? "no reason given" : reason, 1, Integer::sum);
    }
    return new Standing(
        status.queued(),
        status.due(),
        status.oldestQueuedAt(),
        held,
        suspended,
        reasons,
        spool.unreadableCount());
  }

  /** Send what is due, and say what came of it. */
  public String process() {
    QueueProcessor.DrainReport report = queue.processor().process(Integer.MAX_VALUE, () -> true);
    SlackFailure end = report.end();
    return report.sent()
        + " sent, "
        + (report.failed() + report.skipped())
        + " still waiting, "
        + report.deadLettered()
        + " given up"
        + (end == null ? "" : "; " + end.what());
  }

  /** Return where the queue is, for messages. */
  public String location() {
    return queue.spool().location();
  }

  /** Return the names of messages and dead letters, as the queue's store has them, in no order. */
  public List<String> names() {
    return queue.spool().names();
  }
}
