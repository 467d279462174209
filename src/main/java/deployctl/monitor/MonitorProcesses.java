package deployctl.monitor;

import deployctl.monitor.checkpoint.MonitorRole;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.LocalFile;
import deployctl.support.process.Detached;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

  private final Supplier<MonitorStore> store;
  private final Supplier<List<String>> program;
  private final Detached.DetachedStarter starter;
  private final Time time;
  private final Sleeper sleeper;

  /**
   * Make it.
   *
   * @param program words that start this program again with the same global options
   */
  public MonitorProcesses(
      Supplier<MonitorStore> store,
      Supplier<List<String>> program,
      Detached.DetachedStarter starter,
      Time time) {
    this.store = store;
    this.program = program;
    this.starter = starter;
    this.time = time;
    this.sleeper = new Sleeper(time);
  }

  /** What came of a start. */
  public record Started(boolean running, int exit, String complaint) {}

  /** Start a monitor that outlives this process, and wait until it is there. */
  public Started startMonitor(WatchRequest request, List<String> options) {
    return start(MonitorRole.MONITOR, request, options);
  }

  /** Start a recovery that outlives this process, and wait until it is there. */
  public Started startRecovery(WatchRequest request, List<String> options) {
    return start(MonitorRole.RECOVERY, request, options);
  }

  private Started start(MonitorRole role, WatchRequest request, List<String> options) {
    List<String> argv = new ArrayList<>(program.get());
    argv.addAll(List.of(role.word(), "run"));
    argv.addAll(WatchArguments.argv(request));
    argv.addAll(options);
    LocalFile errors = store.get().errorsOf(role, request.correlationId());
    Process process;
    try {
      process = starter.start(argv, errors);
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "Cannot start the " + role.word() + ": " + FileErrors.reason(e),
          "Check that " + argv.get(0) + " can be run and " + errors + " be written",
          e);
    }
    boolean there = await(() -> !process.isAlive() || isRole(request, role, process.pid()), START);
    if (there && process.isAlive()) {
      return new Started(true, 0, "");
    }
    int exit = process.isAlive() ? -1 : process.exitValue();
    return new Started(process.isAlive(), exit, complaint(errors));
  }

  private boolean isRole(WatchRequest request, MonitorRole role, long pid) {
    return store
        .get()
        .find(request.correlationId())
        .map(state -> state.process(role))
        .map(identity -> identity.pid() == pid && identity.runsHere())
        .orElse(false);
  }

  /**
   * What came of seeing that a deployment is watched.
   *
   * @param running whether monitor and recovery run
   * @param message the same in one line
   */
  public record MonitorLaunch(boolean running, String message) {}

  /** See that a monitor and a recovery run, starting what does not. */
  public MonitorLaunch ensure(WatchRequest request, List<String> options) {
    MonitorState state = find(request.correlationId()).orElse(null);
    if (state == null || !state.running()) {
      Started monitor = startMonitor(request, options);
      if (!monitor.running() && monitor.exit() != 0) {
        return new MonitorLaunch(
            false,
            "the monitor ended at once"
                + (monitor.complaint().isEmpty() ? "" : ": " + monitor.complaint()));
      }
    }
    MonitorState now = find(request.correlationId()).orElse(null);
    if (now != null && now.running() && !now.recoveryRunning()) {
      Started recovery = startRecovery(request, options);
      if (!recovery.running() && recovery.exit() != 0) {
        return new MonitorLaunch(
            false, "the monitor runs, and the recovery did not start: " + recovery.complaint());
      }
    }
    return now != null && now.running()
        ? new MonitorLaunch(true, "monitor and recovery run")
        : new MonitorLaunch(false, "there was nothing left to watch");
  }

  /**
   * Ask the process of a role to end, without waiting for it.
   *
   * @return whether it was asked; false also for a process that does not hold the role's lock,
   *     whatever the state says
   */
  public boolean ask(MonitorRole role, MonitorState state) {
    return signal(role, state, false);
  }

  /** Signal whom the lock names, and nobody else. */
  private boolean signal(MonitorRole role, MonitorState state, boolean forcibly) {
    ProcessIdentity process = state.process(role);
    return process != null
        && process.runsHere()
        && store.get().holdsRole(role, state.correlationId(), process.pid())
        && process.end(forcibly);
  }

  /**
   * End the process of a role: ask, wait, then force.
   *
   * @return whether it ran and is gone now
   */
  public boolean end(MonitorRole role, MonitorState state) {
    ProcessIdentity process = state.process(role);
    if (process == null || !signal(role, state, false)) {
      return false;
    }
    if (!await(() -> !process.runsHere(), END)) {
      signal(role, state, true);
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
    if (end(MonitorRole.RECOVERY, state)) {
      ended.add("recovery");
    }
    try {
      // A monitor that is killed cannot write it down itself.
      store
          .get()
          .change(
              state.correlationId(),
              now -> now.finished() ? now : now.with(MonitorState.STOPPED_AT, time.now()));
    } finally {
      // Also on a full disk. The recovery may have started another monitor just before its end.
      if (end(MonitorRole.MONITOR, find(state.correlationId()).orElse(state))) {
        ended.add("monitor");
      }
    }
    return ended;
  }

  /** End a monitor that does not answer, without asking. */
  public void kill(MonitorState state) {
    ProcessIdentity process = state.process();
    if (process != null && signal(MonitorRole.MONITOR, state, true)) {
      await(() -> !process.runsHere(), END);
    }
  }

  private boolean await(BooleanSupplier condition, Duration most) {
    return sleeper.await(condition, most, LOOK);
  }

  /** Return the last line that a process said on stderr, or an empty text. */
  private static String complaint(LocalFile errors) {
    return errors.tail(200).stream()
        .filter(Predicate.not(String::isBlank))
        .reduce((first, second) -> second)
        .orElse("");
  }

  /** See {@link MonitorStore#checkReadable}. */
  public void checkReadable(@Nullable String correlationId) {
    store.get().checkReadable(correlationId);
  }

  /** Return the state of a deployment's monitor, or the latest there is for null. */
  public Optional<MonitorState> find(@Nullable String correlationId) {
    if (correlationId != null) {
      return store.get().find(correlationId);
    }
    List<MonitorState> all = store.get().all();
    return all.stream()
        .filter(MonitorState::running)
        .findFirst()
        .or(() -> all.stream().findFirst());
  }
}
