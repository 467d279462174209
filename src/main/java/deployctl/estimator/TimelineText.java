package deployctl.estimator;

import deployctl.cli.Console;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;

/** Draws a timeline as bars on a terminal. */
final class TimelineText {
  private static final int NAMES = 30;

  private TimelineText() {}

  /**
   * Return the picture: waiting as dots, configuration as full blocks, stabilising as shaded ones.
   *
   * @param width the terminal's width in characters
   */
  static String of(Timeline timeline, int width) {
    int names =
        Math.min(
            NAMES,
            timeline.rows().stream()
                .mapToInt(r -> r.timing().logicalId().length())
                .max()
                .orElse(8));
    int room = Math.max(10, width - names - 22);
    double scale = room / Math.max(1, timeline.total());
    StringBuilder text = new StringBuilder();
    text.append(timeline.operation().kind().describe())
        .append(" of ")
        .append(timeline.operation().stackName())
        .append(", ")
        .append(Timestamps.format(timeline.operation().startedAt()))
        .append(", ")
        .append(humane(timeline.total()))
        .append(" (")
        .append(timeline.operation().result())
        .append(")\n\n");
    for (Timeline.TimelineRow row : timeline.rows()) {
      text.append(row.onChain() ? "▶ " : "  ");
      text.append(padded(row.timing().logicalId(), names)).append(' ');
      text.append(bar(row, scale, room)).append(' ').append(humane(row.timing().seconds()));
      if (row.usual() != null) {
        text.append(" (usually ").append(humane(row.usual())).append(')');
      }
      text.append('\n');
    }
    text.append(
        "\n▶ the chain that decided the total   · waiting   █ configuration   ▒ stabilising");
    return Console.plain(text.toString());
  }

  private static String bar(Timeline.TimelineRow row, double scale, int room) {
    int begin = at(row.timing().start() - row.waited(), scale, room);
    int start = at(row.timing().start(), scale, room);
    Double configured = row.timing().configured();
    int ready =
        at(
            row.timing().start() + (configured == null ? row.timing().seconds() : configured),
            scale,
            room);
    int end = Math.max(start + 1, at(row.timing().end(), scale, room));
    StringBuilder bar = new StringBuilder();
    for (int i = 0; i < room; i++) {
      boolean running = i >= start && i < end;
      bar.append(
          running ? i < ready || ready <= start ? '█' : '▒' : i >= begin && i < start ? '·' : ' ');
    }
    return bar.toString();
  }

  private static int at(double seconds, double scale, int room) {
    return (int) Math.max(0, Math.min(room - 1.0, Math.rint(seconds * scale)));
  }

  private static String padded(String text, int width) {
    return text.length() > width
        ? text.substring(0, width - 1) + "…"
        : text + " ".repeat(width - text.length());
  }

  static String humane(double seconds) {
    long whole = Math.round(seconds);
    return whole < 120 ? whole + " s" : Durations.humane(Duration.ofSeconds(whole));
  }
}
