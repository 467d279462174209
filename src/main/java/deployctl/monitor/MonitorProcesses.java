package deployctl.monitor;

import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.watch.WatchRequest;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.process.Detached;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Starts and stops monitors and recoveries as processes of their own. A process is only ever named
 * by pid, start and boot, never by what it is called; and of two that were started for one
 * deployment, the one that gets the lock stays.
 */
public final class MonitorProcesses {
  /** How long a process may take to say that it is there. */
  private static final Duration START = Duration.ofSeconds(15);

  /** How long a process may take to end when it is asked to. */
  private static final Duration END = Duration.ofSeconds(4);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final MonitorContext context;

  /** Make a supervision. */
  public MonitorProcesses(MonitorContext context) {
    this.context = context;
  }

  /** What came of a start. */
  public record Started(boolean running, int exit, String complaint) {}

  /** Start a monitor that outlives this process, and wait until it is there. */
  public Started startMonitor(WatchRequest watched, List<String> options) {
    return start("monitor", "run", watched, options, MonitorState::process);
  }

  /** Start a recovery that outlives this process, and wait until it is there. */
  public Started startRecovery(WatchRequest watched, List<String> options) {
    return start("recovery", "run", watched, options, MonitorState::recoveryProcess);
  }

  private Started start(
      String group,
      String command,
      WatchRequest watched,
      List<String> options,
      java.util.function.Function<MonitorState, @Nullable ProcessIdentity> role) {
    MonitorStore store = context.store().get();
    List<String> words = new ArrayList<>(context.program().get());
    words.addAll(List.of(group, command));
    words.addAll(WatchArguments.words(watched));
    words.addAll(options);
    Path errors = store.errorsOf(group, watched.correlationId());
    Process process;
    try {
      Files.createDirectories(store.folder());
      Files.deleteIfExists(errors);
      process = Detached.start(words, Map.of(), errors);
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "Cannot start the " + group + ": " + FileErrors.reason(e),
          "Check that " + words.get(0) + " can be run and " + store.folder() + " be written",
          e);
    }
    boolean there =
        await(() -> !process.isAlive() || isRole(store, watched, role, process.pid()), START);
    if (there && process.isAlive()) {
      return new Started(true, 0, "");
    }
    int exit = process.isAlive() ? -1 : process.exitValue();
    return new Started(process.isAlive(), exit, complaint(errors));
  }

  private static boolean isRole(
      MonitorStore store,
      WatchRequest watched,
      java.util.function.Function<MonitorState, @Nullable ProcessIdentity> role,
      long pid) {
    return store
        .find(watched.correlationId())
        .map(role)
        .map(identity -> identity.pid() == pid && identity.runsHere())
        .orElse(false);
  }

  /**
   * See that a monitor and a recovery run, starting what does not.
   *
   * @return what came of it, one line
   */
  public String ensure(WatchRequest watched, List<String> options) {
    MonitorState state = find(watched.correlationId()).orElse(null);
    if (state == null || !state.running()) {
      Started monitor = startMonitor(watched, options);
      if (!monitor.running() && monitor.exit() != 0) {
        return "the monitor ended at once"
            + (monitor.complaint().isEmpty() ? "" : ": " + monitor.complaint());
      }
    }
    MonitorState now = find(watched.correlationId()).orElse(null);
    if (now != null && now.running() && !now.recoveryRunning()) {
      Started recovery = startRecovery(watched, options);
      if (!recovery.running() && recovery.exit() != 0) {
        return "the monitor runs, and the recovery did not start: " + recovery.complaint();
      }
    }
    return now != null && now.running()
        ? "monitor and recovery run"
        : "there was nothing left to watch";
  }

  /**
   * End a process: ask, wait, then force.
   *
   * @return whether it ran and is gone now
   */
  public boolean end(@Nullable ProcessIdentity process) {
    if (process == null || !process.end(false)) {
      return false;
    }
    if (!await(() -> !process.runsHere(), END)) {
      process.end(true);
      await(() -> !process.runsHere(), END);
    }
    return true;
  }

  /**
   * End what watches a deployment: the recovery, which would start another monitor, then the
   * monitor. It is written down that this was wanted.
   *
   * @return which of "recovery" and "monitor" ran and are gone now
   */
  public List<String> endWatching(MonitorState state) {
    List<String> ended = new ArrayList<>();
    if (end(state.recoveryProcess())) {
      ended.add("recovery");
    }
    try {
      // A monitor that is killed cannot write it down itself.
      context
          .store()
          .get()
          .change(
              state.correlationId(),
              now ->
                  now.finished() ? now : now.with(MonitorState.STOPPED_AT, context.time().now()));
    } finally {
      // Also on a full disk. The recovery may have started another monitor just before its end.
      if (end(find(state.correlationId()).orElse(state).process())) {
        ended.add("monitor");
      }
    }
    return ended;
  }

  /** End a process that does not answer, without asking. */
  public void kill(@Nullable ProcessIdentity process) {
    if (process != null && process.end(true)) {
      await(() -> !process.runsHere(), END);
    }
  }

  private boolean await(java.util.function.BooleanSupplier condition, Duration most) {
    Time time = context.time();
    Deadline end = Deadline.in(most, time);
    try {
      while (!condition.getAsBoolean()) {
        if (end.passed()) {
          return false;
        }
        time.sleep(LOOK);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return condition.getAsBoolean();
    }
  }

  /** Return the last line that a process said on stderr, or an empty text. */
  static String complaint(Path errors) {
    try {
      return Files.readAllLines(errors).stream()
          .filter(Predicate.not(String::isBlank))
          .reduce((first, second) -> second)
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /** Return the state of a deployment's monitor, or the latest there is for null. */
  public Optional<MonitorState> find(@Nullable String correlationId) {
    MonitorStore store = context.store().get();
    if (correlationId != null) {
      return store.find(correlationId);
    }
    List<MonitorState> all = store.all();
    return all.stream()
        .filter(MonitorState::running)
        .findFirst()
        .or(() -> all.stream().findFirst());
  }
}
