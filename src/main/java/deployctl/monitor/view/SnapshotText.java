package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.monitor.watch.Snapshot;
import deployctl.operation.ResourceRun;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.List;

/** Puts what a monitor sees into words of one line. */
public final class SnapshotText {
  private static final int MOST_REASON = 500;

  private SnapshotText() {}

  /** Return an event without its time. */
  static String event(StackEvent event) {
    String reason = event.reason();
    String words = reason == null ? "" : oneLine(reason);
    return event.status()
        + " "
        + event.logicalResourceId()
        + " ("
        + event.resourceType()
        + ")"
        + (words.isEmpty() ? "" : ": " + words);
  }

  /** Return how an operation stands. */
  static String look(Snapshot snapshot) {
    StringBuilder words = new StringBuilder(snapshot.progress().words());
    words.append(", ").append(Durations.humane(snapshot.elapsed()));
    if (snapshot.remaining() != null) {
      words.append(", ").append(snapshot.remaining().words());
    }
    String running = running(snapshot.running(), snapshot.at(), 3);
    if (!running.isEmpty()) {
      words.append("; in progress: ").append(running);
    }
    for (ServiceEvidence service : snapshot.services()) {
      words.append("; tasks of ").append(oneLine(service.words()));
    }
    return words.toString();
  }

  /** Return what is in progress, the longest first; empty for nothing. */
  static String running(List<ResourceRun> running, Instant now, int most) {
    StringBuilder words = new StringBuilder();
    for (ResourceRun run : running.subList(0, Math.min(most, running.size()))) {
      words
          .append(words.isEmpty() ? "" : ", ")
          .append(run.logicalId())
          .append(' ')
          .append(Durations.humane(run.elapsed(now)));
    }
    return running.size() > most
        ? words + " and " + (running.size() - most) + " more"
        : words.toString();
  }

  /** Return a text of AWS's on one line, cut where it is endless. */
  static String oneLine(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() <= MOST_REASON ? line : line.substring(0, MOST_REASON) + "…";
  }

  /** Return the time of day, UTC. */
  public static String utc(Instant instant) {
    return Timestamps.clock(instant);
  }

  /** Return the time of day to the second, UTC. */
  static String clock(Instant instant) {
    return Timestamps.format(instant).substring(11, 19);
  }
}
