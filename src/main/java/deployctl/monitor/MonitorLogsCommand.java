package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.registry.CorrelationId;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.LocalFile;
import deployctl.support.file.LogTail;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code monitor logs} and {@code recovery logs}: the end of the log, and what is added to it. */
public final class MonitorLogsCommand implements Command {
  private static final int USUAL_COUNT = 50;

  private static final Duration POLL = Duration.ofMillis(300);

  private final MonitorProcesses processes;
  private final Shutdown.Hooks shutdown;
  private final Console console;
  private final Time time;
  private final String usualName;
  private final boolean ofMonitor;
  private @Nullable String correlationId;
  private @Nullable String count;
  private boolean follow;

  private MonitorLogsCommand(
      MonitorProcesses processes,
      Console console,
      Shutdown.Hooks shutdown,
      Time time,
      String usualName,
      boolean ofMonitor) {
    this.processes = processes;
    this.shutdown = shutdown;
    this.console = console;
    this.time = time;
    this.usualName = usualName;
    this.ofMonitor = ofMonitor;
  }

  /** Make {@code monitor logs}. */
  public static MonitorLogsCommand monitor(
      MonitorProcesses processes,
      Console console,
      Shutdown.Hooks shutdown,
      Time time,
      String usualName) {
    return new MonitorLogsCommand(processes, console, shutdown, time, usualName, true);
  }

  /** Make {@code recovery logs}. */
  public static MonitorLogsCommand recovery(
      MonitorProcesses processes,
      Console console,
      Shutdown.Hooks shutdown,
      Time time,
      String usualName) {
    return new MonitorLogsCommand(processes, console, shutdown, time, usualName, false);
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
    LocalFile file = file(id);
    LogTail tail = new LogTail(file);
    try {
      if (!file.exists() && !follow) {
        throw new Failure(
            Failure.FailureKind.FAILED, "There is no log " + file, "Start a monitor first");
      }
      int most = count == null ? USUAL_COUNT : Integer.parseInt(count);
      tail.last(most, line -> concerns(line, id)).forEach(this::show);
      if (follow) {
        follow(tail, id);
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

  private LocalFile file(@Nullable String id) {
    Optional<MonitorState> state = processes.find(id);
    String log = state.map(MonitorState::logFile).orElse(null);
    if (log == null) {
      return LocalFile.of(usualName);
    }
    return ofMonitor ? LocalFile.of(log) : LocalFile.of(log).sibling(usualName);
  }

  private void follow(LogTail tail, @Nullable String id) throws IOException {
    AtomicBoolean stopping = new AtomicBoolean();
    Sleeper sleeper = new Sleeper(time);
    try (var hook = shutdown.onEnd(() -> stopping.set(true))) {
      boolean undisturbed = true;
      while (undisturbed && !stopping.get() && !console.failed()) {
        tail.added().stream().filter(line -> concerns(line, id)).forEach(this::show);
        undisturbed = sleeper.sleep(POLL);
      }
    }
  }

  private static boolean concerns(String line, @Nullable String id) {
    return !line.isBlank() && (id == null || line.contains("\"" + id + "\""));
  }

  private void show(String line) {
    try {
      JsonObject parsed = Json.parseObject(line);
      if (console.json()) {
        console.print(line);
        return;
      }
      String time = String.valueOf(parsed.string("timestamp"));
      String level = String.valueOf(parsed.string("level"));
      console.print(
          time
              + " "
              + (level + "     ").substring(0, 5)
              + " "
              + Console.plain(String.valueOf(parsed.string("message"))));
    } catch (JsonException e) {
      if (!console.json()) {
        console.print(Console.plain(line));
      }
    }
  }
}
