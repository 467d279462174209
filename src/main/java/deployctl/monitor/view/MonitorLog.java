package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.WatchRequest;
import deployctl.support.file.FileErrors;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The log of a monitor or a recovery: a JSON object a line.
 *
 * <p>Each line is one write to a file that is opened for it, so that lines of several processes do
 * not mix and a log that was rotated away begins anew. A disk that is full is told once, and the
 * watching goes on.
 */
public final class MonitorLog {
  private final Path file;
  private final WatchRequest watched;
  private final Time time;
  private final Consumer<String> warnings;
  private boolean warned;
  private boolean whole;

  /** Make a log; {@code warnings} hears when it cannot be written. */
  public MonitorLog(Path file, WatchRequest watched, Time time, Consumer<String> warnings) {
    this.file = file;
    this.watched = watched;
    this.time = time;
    this.warnings = warnings;
  }

  /** Add a line. */
  public void write(Alert.AlertLevel level, String message) {
    append(line(level, message));
  }

  /** Add the line of an event. */
  void event(StackEvent event) {
    append(eventLine(event));
  }

  /** Return what a line holds. */
  JsonObject line(Alert.AlertLevel level, String message) {
    return new JsonObject()
        .put("timestamp", Timestamps.format(time.now()))
        .put("level", level.name())
        .put("correlation_id", watched.correlationId())
        .put("stack_name", watched.stack())
        .put("environment", watched.environment())
        .put("message", message);
  }

  /** Return what the line of an event holds; AWS's words in it are whole. */
  JsonObject eventLine(StackEvent event) {
    Alert.AlertLevel level =
        deployctl.operation.Events.failed(event.status())
            ? Alert.AlertLevel.ERROR
            : Alert.AlertLevel.INFO;
    return line(level, SnapshotText.event(event))
        .put(
            "event",
            new JsonObject()
                .put("event_id", event.eventId())
                .put("timestamp", Timestamps.format(event.timestamp()))
                .put("stack_name", event.stackName())
                .put("logical_resource_id", event.logicalResourceId())
                .put("physical_resource_id", event.physicalResourceId())
                .put("resource_type", event.resourceType())
                .put("status", event.status())
                .put("reason", event.reason()));
  }

  /**
   * Return the ids of this deployment's events that the log holds; damaged lines are passed over.
   */
  public Set<String> eventIds() {
    Set<String> ids = new HashSet<>();
    if (!Files.isRegularFile(file)) {
      return ids;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // Parsing is what takes time: only lines that can be meant are parsed.
        if (line.contains("\"event_id\"") && line.contains(watched.correlationId())) {
          add(line, ids);
        }
      }
    } catch (IOException e) {
      return ids;
    }
    return ids;
  }

  private void add(String line, Set<String> ids) {
    try {
      JsonObject parsed = Json.parseObject(line);
      JsonObject event = parsed.object("event");
      String id = event == null ? null : event.string("event_id");
      if (id != null && watched.correlationId().equals(parsed.string("correlation_id"))) {
        ids.add(id);
      }
    } catch (JsonException e) {
      // Cut short by a full disk or a kill: what it was to say is told again.
      return;
    }
  }

  /** A line that a full disk or a kill has cut must not spoil the next one. */
  private boolean endsWithLine() throws IOException {
    if (!Files.exists(file)) {
      return true;
    }
    try (RandomAccessFile end = new RandomAccessFile(file.toFile(), "r")) {
      if (end.length() == 0) {
        return true;
      }
      end.seek(end.length() - 1);
      return end.read() == '\n';
    }
  }

  private void append(JsonObject line) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder);
      }
      String start = whole || endsWithLine() ? "" : "\n";
      whole = false;
      ByteBuffer bytes =
          ByteBuffer.wrap((start + Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND)) {
        // One call writes it all, unless the disk is full.
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      whole = true;
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
