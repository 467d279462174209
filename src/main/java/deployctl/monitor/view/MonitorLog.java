package deployctl.monitor.view;

import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.watch.Alert;
import deployctl.support.file.FileErrors;
import deployctl.support.file.LineLog;
import deployctl.support.file.LocalFile;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The log of a monitor or a recovery: a JSON object a line.
 *
 * <p>A disk that is full is told once, and the watching goes on.
 */
public final class MonitorLog {
  private final LocalFile file;
  private final LineLog log;
  private final WatchRequest request;
  private final LogLines lines;
  private final Consumer<String> warnings;
  private boolean warned;

  /** Make a log; {@code warnings} hears when it cannot be written. */
  public MonitorLog(LocalFile file, WatchRequest request, Time time, Consumer<String> warnings) {
    this.file = file;
    this.log = new LineLog(file);
    this.request = request;
    this.lines = new LogLines(request, time);
    this.warnings = warnings;
  }

  /** Add a line that says something, now. */
  public void write(Alert.AlertLevel level, String message) {
    append(lines.line(level, message));
  }

  /** Return what the lines of this log hold. */
  LogLines lines() {
    return lines;
  }

  /**
   * Return the ids of this deployment's events that the log holds; damaged lines are passed over.
   */
  public Set<String> eventIds() {
    Set<String> ids = new HashSet<>();
    log.lines(
        line -> {
          // Parsing is what takes time: only lines that can be meant are parsed.
          if (line.contains("\"event_id\"") && line.contains(request.correlationId())) {
            add(line, ids);
          }
        });
    return ids;
  }

  private void add(String line, Set<String> ids) {
    try {
      JsonObject parsed = Json.parseObject(line);
      JsonObject event = parsed.object("event");
      String id = event == null ? null : event.string("event_id");
      if (id != null && request.correlationId().equals(parsed.string("correlation_id"))) {
        ids.add(id);
      }
    } catch (JsonException e) {
      // Cut short by a full disk or a kill: what it was to say is told again.
      return;
    }
  }

  /** Add a line. */
  void append(JsonObject line) {
    try {
      log.append(Json.write(JsonMasking.object(line)));
      warned = false;
    } catch (IOException e) {
      if (!warned) {
        warned = true;
        warnings.accept(
            "Cannot write the log " + file + ": " + FileErrors.reason(e) + "; watching goes on");
      }
    }
  }
}
