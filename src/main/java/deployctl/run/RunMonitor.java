package deployctl.run;

import deployctl.cli.ProgramSettings;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.watch.WatchRequest;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.process.ProcessIdentity;
import deployctl.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Monitor and recovery beside the command: started once it has run for a moment, ended with it. */
final class RunMonitor {
  /** What is over sooner needs nobody to watch it. */
  private static final Duration MOMENT = Duration.ofMillis(800);

  /** How long a monitor that is just starting is waited for. */
  private static final long STARTING_MILLIS = 15_000;

  private final RunContext context;
  private final WatchRequest watched;
  private final DeploymentRun.RunOptions wishes;
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable Thread starter;

  RunMonitor(RunContext context, Target target, Deployment entry, DeploymentRun.RunOptions wishes) {
    this.context = context;
    this.wishes = wishes;
    this.watched =
        new WatchRequest(
            entry.correlationId(),
            target.environment(),
            target.stackName(),
            target.stackName(),
            wishes.channel(),
            Path.of(context.monitoring().settings().get(ProgramSettings.MONITOR_LOG, null)));
  }

  /** Return what is watched. */
  WatchRequest watched() {
    return watched;
  }

  void begin() {
    if (!wishes.monitor()) {
      return;
    }
    Thread thread = new Thread(this::start, "watching");
    thread.setDaemon(true);
    starter = thread;
    thread.start();
  }

  private void start() {
    try {
      context.time().sleep(MOMENT);
      if (!over.get()) {
        String came =
            new MonitorProcesses(context.monitoring()).ensure(watched, wishes.monitorOptions());
        if (!over.get() && !came.equals("monitor and recovery run")) {
          context.console().note("watching: " + came);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Failure e) {
      context.console().warn("The deployment is not being watched: " + e.what());
    }
  }

  /**
   * Ask monitor and recovery to end, without waiting for it. Asked before the place is given back,
   * so that the monitor does not tell an end of which it knows less than this process.
   */
  void ask() {
    over.set(true);
    new MonitorProcesses(context.monitoring())
        .find(watched.correlationId())
        .ifPresent(
            state -> {
              ask(state.recoveryProcess());
              ask(state.process());
            });
  }

  private static void ask(@Nullable ProcessIdentity process) {
    if (process != null) {
      process.end(false);
    }
  }

  /** End monitor and recovery; returns whether the monitor has told the end of the deployment. */
  boolean end() {
    over.set(true);
    Thread thread = starter;
    if (thread == null) {
      return false;
    }
    try {
      if (thread.isAlive()
          && !new MonitorProcesses(context.monitoring())
              .find(watched.correlationId())
              .isPresent()) {
        thread.join(MOMENT.toMillis());
      }
      if (thread.isAlive()) {
        thread.join(STARTING_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    MonitorProcesses supervision = new MonitorProcesses(context.monitoring());
    MonitorState state = supervision.find(watched.correlationId()).orElse(null);
    if (state == null) {
      return false;
    }
    supervision.endWatching(state);
    return supervision.find(watched.correlationId()).map(MonitorState::endTold).orElse(false);
  }
}
