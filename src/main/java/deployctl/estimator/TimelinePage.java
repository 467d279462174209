package deployctl.estimator;

import com.samskivert.mustache.Mustache;
import deployctl.estimator.history.HistoryEntry;
import deployctl.support.Failure;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a timeline as one page that needs nothing else: no network, no other file. */
final class TimelinePage {
  private static final String TEMPLATE = "/deployctl/timeline.html";
  private static final int PLOT_WIDTH = 640;
  private static final int PLOT_HEIGHT = 120;

  private TimelinePage() {}

  /** Return the page; {@code past} are the stack's deployments for the plot, oldest first. */
  static String of(Timeline timeline, List<HistoryEntry> past) {
    Map<String, Object> page = new HashMap<>();
    page.put("stack", timeline.operation().stackName());
    page.put("kind", timeline.operation().kind().describe());
    page.put("result", timeline.operation().result().name());
    page.put("started", Timestamps.format(timeline.operation().startedAt()));
    page.put("total", TimelineText.humane(timeline.total()));
    page.put("rows", timeline.rows().stream().map(row -> row(row, timeline.total())).toList());
    page.put("ticks", ticks(timeline.total()));
    List<Double> minutes =
        past.stream().map(entry -> entry.seconds() / 60).filter(m -> m > 0).toList();
    page.put("hasPlot", minutes.size() > 1);
    page.put("plot", plot(minutes));
    page.put("plotWidth", PLOT_WIDTH);
    page.put("plotHeight", PLOT_HEIGHT);
    page.put("runs", minutes.size());
    page.put("longest", number(minutes.stream().mapToDouble(Double::doubleValue).max().orElse(0)));
    return Mustache.compiler().compile(template()).execute(page);
  }

  private static Map<String, Object> row(Timeline.TimelineRow row, double total) {
    double all = Math.max(1, total);
    Double configured = row.timing().configured();
    double first = configured == null ? row.timing().seconds() : configured;
    Map<String, Object> values = new HashMap<>();
    values.put("id", row.timing().logicalId());
    values.put("type", row.timing().type());
    values.put("action", row.timing().action());
    values.put("chain", row.onChain());
    values.put("start", TimelineText.humane(row.timing().start()));
    values.put("startSeconds", number(row.timing().start()));
    values.put("took", TimelineText.humane(row.timing().seconds()));
    values.put("seconds", number(row.timing().seconds()));
    values.put("waited", TimelineText.humane(row.waited()));
    values.put("waitedSeconds", number(row.waited()));
    values.put("usual", row.usual() == null ? "–" : TimelineText.humane(row.usual()));
    values.put("usualSeconds", row.usual() == null ? "-1" : number(row.usual()));
    values.put("left", number(100 * row.timing().start() / all));
    values.put("width", number(Math.max(0.3, 100 * first / all)));
    values.put("rest", number(Math.max(0, 100 * (row.timing().seconds() - first) / all)));
    values.put("waitLeft", number(100 * Math.max(0, row.timing().start() - row.waited()) / all));
    values.put("waitWidth", number(100 * row.waited() / all));
    return values;
  }

  private static List<Map<String, Object>> ticks(double total) {
    double step = total > 3_600 ? 600 : total > 900 ? 300 : total > 240 ? 60 : 15;
    List<Map<String, Object>> ticks = new ArrayList<>();
    for (double at = 0; at <= total; at += step) {
      ticks.add(
          Map.of("left", number(100 * at / Math.max(1, total)), "name", TimelineText.humane(at)));
    }
    return ticks;
  }

  private static String plot(List<Double> minutes) {
    double most = minutes.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < minutes.size(); i++) {
      double x = minutes.size() < 2 ? 0 : (double) PLOT_WIDTH * i / (minutes.size() - 1);
      double y = PLOT_HEIGHT - (PLOT_HEIGHT - 8) * minutes.get(i) / most;
      points.append(number(x)).append(',').append(number(y)).append(' ');
    }
    return points.toString().strip();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String template() {
    try (InputStream stream = TimelinePage.class.getResourceAsStream(TEMPLATE)) {
      if (stream != null) {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new Failure(Failure.FailureKind.FAILED, "The page's template cannot be read", "", e);
    }
    throw new Failure(Failure.FailureKind.FAILED, "The page's template is missing", "");
  }
}
