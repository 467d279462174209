package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.Snapshot;
import deployctl.operation.Events;
import deployctl.operation.ResourceRun;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/** Lays out the live view: a pure function from what is known to lines of a width and a number. */
final class LiveScreen {
  private static final int MOST_BAR = 40;
  private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;

  private final boolean colour;

  LiveScreen(boolean colour) {
    this.colour = colour;
  }

  /**
   * Return the lines.
   *
   * @param snapshot how it stands, or null while nothing was seen
   * @param alerts what was said lately, oldest first
   * @param now the time of the drawing: it runs on between polls
   */
  List<AttributedString> lines(
      @Nullable Snapshot snapshot, List<Alert> alerts, Instant now, int width, int height) {
    List<AttributedString> lines = new ArrayList<>();
    if (snapshot == null) {
      lines.add(line(width, style(AttributedStyle.CYAN), "waiting for CloudFormation …"));
    } else {
      lines.add(head(snapshot, width));
      lines.add(bar(snapshot, now, width));
      running(snapshot, now, width, Math.max(2, height - 12), lines);
      services(snapshot, width, lines);
      latest(snapshot, width, lines);
    }
    for (Alert alert : alerts) {
      AttributedStyle style =
          switch (alert.kind().level()) {
            case INFO -> PLAIN;
            case WARN -> style(AttributedStyle.YELLOW);
            case ERROR -> style(AttributedStyle.RED);
          };
      lines.add(line(width, style, SnapshotText.oneLine(alert.text())));
    }
    return lines.size() < height ? lines : new ArrayList<>(lines.subList(0, height - 1));
  }

  private AttributedString head(Snapshot snapshot, int width) {
    AttributedStringBuilder head = new AttributedStringBuilder();
    head.styled(colour ? PLAIN.bold() : PLAIN, snapshot.stackName()).append("  ");
    int shade =
        Events.rollingBack(snapshot.status())
            ? AttributedStyle.RED
            : Events.complete(snapshot.status()) ? AttributedStyle.GREEN : AttributedStyle.CYAN;
    head.styled(style(shade), snapshot.status());
    if (snapshot.startedAt() != null) {
      head.append("  " + snapshot.kind().describe() + " since ");
      head.append(Timestamps.clock(snapshot.startedAt()));
    }
    return cut(head.toAttributedString(), width);
  }

  private AttributedString bar(Snapshot snapshot, Instant now, int width) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    Double share = snapshot.progress().share();
    String text = snapshot.progress().describe();
    Instant start = snapshot.startedAt();
    if (start != null) {
      text += " · " + Durations.humane(Duration.between(start, now));
    }
    if (snapshot.remaining() != null) {
      text += " · " + snapshot.remaining().message();
    }
    int room = Math.min(MOST_BAR, width - text.length() - 3);
    if (share != null && room >= 8) {
      int full = (int) Math.floor(share * room);
      int shade = snapshot.progress().rollingBack() ? AttributedStyle.RED : AttributedStyle.GREEN;
      line.styled(style(shade), "█".repeat(full));
      line.styled(colour ? PLAIN.faint() : PLAIN, "░".repeat(room - full)).append("  ");
    }
    return cut(line.append(text).toAttributedString(), width);
  }

  private void running(
      Snapshot snapshot, Instant now, int width, int most, List<AttributedString> lines) {
    if (snapshot.running().isEmpty()) {
      return;
    }
    lines.add(AttributedString.EMPTY);
    int shown = Math.min(most, snapshot.running().size());
    int names =
        Math.min(
            Math.max(12, width / 3),
            snapshot.running().stream()
                .limit(shown)
                .mapToInt(r -> r.logicalId().length())
                .max()
                .orElse(12));
    for (ResourceRun run : snapshot.running().subList(0, shown)) {
      String time = Durations.humane(run.elapsed(now));
      lines.add(
          line(
              width,
              PLAIN,
              "  " + padded(run.logicalId(), names) + "  " + padded(time, 9) + " " + run.type()));
    }
    if (shown < snapshot.running().size()) {
      lines.add(
          line(width, PLAIN, "  and " + (snapshot.running().size() - shown) + " more in progress"));
    }
  }

  private void services(Snapshot snapshot, int width, List<AttributedString> lines) {
    for (ServiceEvidence service : snapshot.services()) {
      lines.add(
          line(
              width,
              service.failed() > 0 ? style(AttributedStyle.YELLOW) : PLAIN,
              "  " + SnapshotText.oneLine(service.describe())));
    }
  }

  private void latest(Snapshot snapshot, int width, List<AttributedString> lines) {
    if (snapshot.latest().isEmpty()) {
      return;
    }
    lines.add(AttributedString.EMPTY);
    for (StackEvent event : snapshot.latest()) {
      AttributedStyle style =
          Events.failed(event.status())
              ? style(AttributedStyle.RED)
              : colour ? PLAIN.faint() : PLAIN;
      lines.add(
          line(
              width,
              style,
              SnapshotText.clock(event.timestamp()) + " " + SnapshotText.event(event)));
    }
  }

  private AttributedStyle style(int shade) {
    return colour ? PLAIN.foreground(shade) : PLAIN;
  }

  private static AttributedString line(int width, AttributedStyle style, String text) {
    return cut(new AttributedString(text, style), width);
  }

  private static AttributedString cut(AttributedString line, int width) {
    if (line.columnLength() <= width) {
      return line;
    }
    return new AttributedStringBuilder()
        .append(line.columnSubSequence(0, width - 1))
        .append("…")
        .toAttributedString();
  }

  private static String padded(String text, int width) {
    return text.length() >= width
        ? text.substring(0, width)
        : text + " ".repeat(width - text.length());
  }
}
