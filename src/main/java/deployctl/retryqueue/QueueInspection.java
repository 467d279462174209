package deployctl.retryqueue;

import deployctl.notify.Notifier;
import deployctl.slack.SlackFailure;
import deployctl.support.time.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The queue as others see it: how it stands, and the two things they may ask of it. */
public final class QueueInspection {
  private final Notifier notifier;
  private final Time time;

  /** Make an inspection of a notifier's queue. */
  public QueueInspection(Notifier notifier, Time time) {
    this.notifier = notifier;
    this.time = time;
  }

  /**
   * How the queue stands.
   *
   * @param due how many could be sent now
   * @param oldestQueuedAt null when nothing waits
   * @param held channels that Slack wants to be left alone, each with how long
   * @param parked channels that nothing can be posted to, each with why
   * @param deadReasons how many dead letters there are for each reason
   */
  public record Standing(
      int queued,
      int due,
      @Nullable Instant oldestQueuedAt,
      Map<String, Duration> held,
      Map<String, String> parked,
      Map<String, Integer> deadReasons) {
    /** Return how many dead letters there are. */
    public int dead() {
      return deadReasons.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /** Look at the queue. */
  public Standing look() {
    Spool folder = notifier.folder();
    QueueStatus status = QueueStatus.of(folder, notifier.processor().lanes(), time);
    Map<String, Duration> held = new TreeMap<>();
    Map<String, String> parked = new TreeMap<>();
    for (QueueStatus.Channel channel : status.channels()) {
      if (!channel.hold().isZero()) {
        held.put(channel.name(), channel.hold());
      }
      String why = channel.parked();
      if (why != null) {
        parked.put(channel.name(), why);
      }
    }
    Map<String, Integer> reasons = new TreeMap<>();
    for (String id : folder.deadIds()) {
      QueuedMessage dead = folder.readDead(id);
      String reason = dead == null ? null : dead.fields().string(QueuedMessage.REASON);
      reasons.merge(reason == null ? "no reason given" : reason, 1, Integer::sum);
    }
    return new Standing(
        status.queued(), status.due(), status.oldestQueuedAt(), held, parked, reasons);
  }

  /** Send what is due, and say what came of it. */
  public String process() {
    QueueProcessor.DrainReport report = notifier.processor().process(Integer.MAX_VALUE, () -> true);
    SlackFailure end = report.end();
    return report.sent()
        + " sent, "
        + (report.failed() + report.skipped())
        + " still waiting, "
        + report.deadLettered()
        + " given up"
        + (end == null ? "" : "; " + end.what());
  }

  /** Return where the queue is. */
  public Path folder() {
    return notifier.folder().path();
  }

  /** Return the files that hold messages and dead letters, in no order. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>();
    Path folder = folder();
    if (Files.isDirectory(folder)) {
      notifier.folder().waitingIds().forEach(id -> files.add(folder.resolve(id + ".json")));
      notifier
          .folder()
          .deadIds()
          .forEach(id -> files.add(folder.resolve("dead_letter_" + id + ".json")));
    }
    return files;
  }
}
