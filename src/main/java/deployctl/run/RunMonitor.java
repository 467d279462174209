package deployctl.run;

import deployctl.aws.cloudformation.Stack;
import deployctl.cli.Console;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.WatchRequests;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.checkpoint.MonitorRole;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.support.Failure;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Monitor and recovery beside the command: started once it has run for a moment, ended with it. */
final class RunMonitor {
  /** What is over sooner needs nobody to watch it. */
  private static final Duration MOMENT = Duration.ofMillis(800);

  /** How long a monitor that is just starting is waited for. */
  private static final long STARTING_MILLIS = 15_000;

  private final WatchRequest request;
  private final RunOptions options;
  private final long fencingToken;
  private final MonitorProcesses processes;
  private final Console console;
  private final Sleeper sleeper;
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable Thread starter;

  RunMonitor(
      RunningDeployment deployment,
      WatchRequests requests,
      MonitorProcesses processes,
      Console console,
      Time time) {
    this.options = deployment.options();
    this.request = requests.of(deployment.id(), deployment.target(), options.channel());
    this.fencingToken = deployment.entry().fencingToken();
    this.processes = processes;
    this.console = console;
    this.sleeper = new Sleeper(time);
  }

  /** Return what is watched. */
  WatchRequest request() {
    return request;
  }

  /** Begin to watch soon, where that is wanted. */
  void begin() {
    if (!options.monitor()) {
      return;
    }
    Thread thread = new Thread(this::start, "watching");
    thread.setDaemon(true);
    starter = thread;
    thread.start();
  }

  private void start() {
    try {
      if (sleeper.sleep(MOMENT) && !over.get()) {
        MonitorProcesses.MonitorLaunch launch = processes.ensure(request, options.monitorOptions());
        if (!over.get() && !launch.running()) {
          console.note("watching: " + launch.message());
        }
      }
    } catch (Failure e) {
      console.warn("The deployment is not being watched: " + e.what());
    }
  }

  /**
   * Ask monitor and recovery to end, without waiting for it. Asked before the lock is given back,
   * so that the monitor does not tell an end of which it knows less than this process.
   */
  void ask() {
    over.set(true);
    if (starter == null) {
      return;
    }
    state()
        .ifPresent(
            state -> {
              processes.ask(MonitorRole.RECOVERY, state);
              processes.ask(MonitorRole.MONITOR, state);
            });
  }

  /** Tell whether a monitor follows an operation that it has not seen the end of. */
  boolean followsAnOperation() {
    return state()
        .filter(state -> state.running() && !state.finished() && state.followsAnOperation())
        .isPresent();
  }

  /**
   * See that the deployment goes on being watched when this process has ended.
   *
   * @param stack the stack that CloudFormation is at work on, or null when it did not answer
   * @return whether it is watched, or its end was told
   */
  boolean stay(@Nullable Stack stack) {
    Thread thread = starter;
    try {
      if (thread != null) {
        thread.join(STARTING_MILLIS);
      }
      if (state().map(state -> state.endTold() && isOf(state, stack)).orElse(false)) {
        return true;
      }
      WatchRequest wanted =
          stack == null
              ? request
              // By its ARN: a stack that is deleted meanwhile is known by that alone.
              : new WatchRequest(
                  request.correlationId(),
                  request.environment(),
                  request.stack(),
                  stack.id(),
                  request.channel(),
                  request.logFile());
      MonitorProcesses.MonitorLaunch launch = processes.ensure(wanted, options.monitorOptions());
      if (!launch.running()) {
        console.warn("The deployment is not being watched: " + launch.message());
      }
      return launch.running();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Failure e) {
      console.warn("The deployment is not being watched: " + e.what());
    }
    return false;
  }

  /** Tell whether a monitor followed that operation, and not one before it. */
  private static boolean isOf(MonitorState state, @Nullable Stack stack) {
    Instant followed = state.operationStartedAt();
    Instant going = stack == null ? null : stack.operationStartedAt();
    return followed == null || going == null || !followed.isBefore(going.minusSeconds(5));
  }

  /**
   * What a monitor has told of the end.
   *
   * @param told whether its message is in the queue, or sent
   * @param at the time in its message, when it had begun to tell; else null
   * @param outcome what it saw, or null when it saw no end
   */
  record EndMessage(boolean told, @Nullable Instant at, @Nullable MonitorOutcome outcome) {
    static final EndMessage NONE = new EndMessage(false, null, null);

    /** Tell whether it told of another end than the deployment's. */
    boolean differs(boolean good) {
      return outcome != null
          && outcome != MonitorOutcome.UNKNOWN
          && (outcome == MonitorOutcome.SUCCEEDED) != good;
    }
  }

  /** End monitor and recovery; returns what the monitor has told of the deployment's end. */
  EndMessage end() {
    over.set(true);
    Thread thread = starter;
    if (thread == null) {
      // Somebody else's monitor may have told it; it is theirs to end.
      return told();
    }
    try {
      if (thread.isAlive() && state().isEmpty()) {
        thread.join(MOMENT.toMillis());
      }
      if (thread.isAlive()) {
        thread.join(STARTING_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    MonitorState state = state().orElse(null);
    if (state == null) {
      return EndMessage.NONE;
    }
    processes.endWatching(state);
    return told();
  }

  private EndMessage told() {
    return state()
        .filter(last -> last.isOf(fencingToken))
        .map(last -> new EndMessage(last.endTold(), last.endMessageAt(), last.outcome()))
        .orElse(EndMessage.NONE);
  }

  private Optional<MonitorState> state() {
    return processes.find(request.correlationId());
  }
}
