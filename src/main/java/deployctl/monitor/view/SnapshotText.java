package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.monitor.watch.Snapshot;
import deployctl.operation.ResourceRun;
import deployctl.support.text.Masking;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.List;

/** Puts what a monitor sees into words of one line. */
final class SnapshotText {
  private static final int MOST_REASON = 500;

  private SnapshotText() {}

  /** Return an event without its time. */
  static String event(StackEvent event) {
    String reason = event.reason();
    String text = reason == null ? "" : oneLine(reason);
    return event.status()
        + " "
        + event.logicalResourceId()
        + " ("
        + event.resourceType()
        + ")"
        + (text.isEmpty() ? "" : ": " + text);
  }

  /** Return how an operation stands. */
  static String describe(Snapshot snapshot) {
    StringBuilder text = new StringBuilder(snapshot.progress().describe());
    text.append(", ").append(Durations.humane(snapshot.elapsed()));
    if (snapshot.remaining() != null) {
      text.append(", ").append(snapshot.remaining().message());
    }
    String running = running(snapshot.running(), snapshot.at(), 3);
    if (!running.isEmpty()) {
      text.append("; in progress: ").append(running);
    }
    for (ServiceEvidence service : snapshot.services()) {
      text.append("; tasks of ").append(oneLine(service.describe()));
    }
    return text.toString();
  }

  /** Return what is in progress, the longest first; empty for nothing. */
  static String running(List<ResourceRun> running, Instant now, int most) {
    StringBuilder text = new StringBuilder();
    for (ResourceRun run : running.subList(0, Math.min(most, running.size()))) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(run.logicalId())
          .append(' ')
          .append(Durations.humane(run.elapsed(now)));
    }
    return running.size() > most
        ? text + " and " + (running.size() - most) + " more"
        : text.toString();
  }

  /** Return a text of AWS's on one line, cut where it is endless. */
  static String oneLine(String text) {
    return Masking.line(text, MOST_REASON);
  }

  /** Return the time of day to the second, UTC. */
  static String clock(Instant instant) {
    return Timestamps.format(instant).substring(11, 19);
  }
}
