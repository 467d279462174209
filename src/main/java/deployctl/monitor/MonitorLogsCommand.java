package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.registry.CorrelationId;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code monitor logs} and {@code recovery logs}: the end of the log, and what is added to it. */
public final class MonitorLogsCommand implements Command {
  /** What is shown is at the end: so much of a log is looked through. */
  private static final long MOST_READ = 32L << 20;

  private static final Duration LOOK = Duration.ofMillis(300);

  private final MonitorContext context;
  private final String usualName;
  private final boolean ofMonitor;
  private @Nullable String correlationId;
  private @Nullable String count;
  private boolean follow;

  private MonitorLogsCommand(MonitorContext context, String usualName, boolean ofMonitor) {
    this.context = context;
    this.usualName = usualName;
    this.ofMonitor = ofMonitor;
  }

  /** Make {@code monitor logs}. */
  public static MonitorLogsCommand monitor(MonitorContext context, String usualName) {
    return new MonitorLogsCommand(context, usualName, true);
  }

  /** Make {@code recovery logs}. */
  public static MonitorLogsCommand recovery(MonitorContext context, String usualName) {
    return new MonitorLogsCommand(context, usualName, false);
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(spec, "correlation_id", "Only lines of that deployment.", v -> correlationId = v);
    Args.option(spec, "-n", "<number>", "How many lines (default: 50).", v -> count = v);
    Args.flag(spec, "-f", "Go on with what is added, until Ctrl-C.", v -> follow = v);
    Args.examples(
        spec,
        "deployctl monitor logs -n 100",
        "deployctl monitor logs \"$ID\" -f -o json | jq -r .message");
  }

  @Override
  public ExitCode run() {
    if (count != null && !count.matches("\\d{1,7}")) {
      throw Failure.usage("'" + count + "' is not a number of lines", "Write it like -n 100");
    }
    String id = correlationId == null ? null : CorrelationId.check(correlationId);
    Path file = file(id);
    long from = 0;
    try {
      if (!Files.exists(file) && !follow) {
        throw new Failure(
            Failure.FailureKind.FAILED, "There is no log " + file, "Start a monitor first");
      }
      from = last(file, id);
      if (follow) {
        follow(file, id, from);
      }
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "Cannot read the log " + file + ": " + FileErrors.reason(e),
          "Check its permissions",
          e);
    }
    return ExitCode.OK;
  }

  private Path file(@Nullable String id) {
    Optional<MonitorState> state = new MonitorProcesses(context).find(id);
    String log = state.map(MonitorState::logFile).orElse(null);
    if (ofMonitor) {
      return Path.of(log == null ? usualName : log);
    }
    Path folder = log == null ? null : Path.of(log).toAbsolutePath().getParent();
    return folder == null ? Path.of(usualName) : folder.resolve(usualName);
  }

  /** Print the last lines and return where the file ended. */
  private long last(Path file, @Nullable String id) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    long end = Files.size(file);
    int most = count == null ? 50 : Integer.parseInt(count);
    Deque<String> lines = new ArrayDeque<>();
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      long begin = Math.max(0, end - MOST_READ);
      open.seek(begin);
      byte[] bytes = new byte[(int) (end - begin)];
      open.readFully(bytes);
      // Bytes that are no text are shown as such, and hide no other line.
      String text = new String(bytes, StandardCharsets.UTF_8);
      text.substring(begin == 0 ? 0 : text.indexOf('\n') + 1)
          .lines()
          .filter(line -> concerns(line, id))
          .forEach(
              line -> {
                lines.addLast(line);
                if (lines.size() > most) {
                  lines.removeFirst();
                }
              });
    }
    lines.forEach(this::show);
    return end;
  }

  private void follow(Path file, @Nullable String id, long from) throws IOException {
    AtomicBoolean ending = new AtomicBoolean();
    long at = from;
    try (var hook = context.shutdown().onEnd(() -> ending.set(true))) {
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      while (!ending.get() && !context.console().failed()) {
        long size = Files.exists(file) ? Files.size(file) : 0;
        if (size < at) {
          // Rotated away, and begun anew.
          at = 0;
        }
        if (size > at) {
          at = read(file, at, rest, id);
        }
        context.time().sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long read(Path file, long from, ByteArrayOutputStream rest, @Nullable String id)
      throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      open.seek(from);
      byte[] bytes = new byte[(int) Math.min(1 << 20, open.length() - from)];
      open.readFully(bytes);
      for (byte b : bytes) {
        if (b != '\n') {
          rest.write(b);
          continue;
        }
        String line = rest.toString(StandardCharsets.UTF_8);
        rest.reset();
        if (concerns(line, id)) {
          show(line);
        }
      }
      return from + bytes.length;
    }
  }

  private static boolean concerns(String line, @Nullable String id) {
    return !line.isBlank() && (id == null || line.contains("\"" + id + "\""));
  }

  private void show(String line) {
    try {
      JsonObject parsed = Json.parseObject(line);
      if (context.console().json()) {
        context.console().print(line);
        return;
      }
      String time = String.valueOf(parsed.string("timestamp"));
      String level = String.valueOf(parsed.string("level"));
      context
          .console()
          .print(
              time
                  + " "
                  + (level + "     ").substring(0, 5)
                  + " "
                  + Console.plain(String.valueOf(parsed.string("message"))));
    } catch (JsonException e) {
      if (!context.console().json()) {
        context.console().print(Console.plain(line));
      }
    }
  }
}
