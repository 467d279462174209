package deployctl.monitor;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.cli.ExitCode;
import deployctl.monitor.checkpoint.MonitorCheckpoint;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.view.GithubView;
import deployctl.monitor.view.JsonView;
import deployctl.monitor.view.LiveView;
import deployctl.monitor.view.LogView;
import deployctl.monitor.view.MonitorLog;
import deployctl.monitor.view.PlainView;
import deployctl.monitor.view.SlackView;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.Monitor;
import deployctl.monitor.watch.MonitorLease;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.MonitorSettings;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.ServiceWatch;
import deployctl.monitor.watch.Snapshot;
import deployctl.monitor.watch.WatchRequest;
import deployctl.support.Failure;
import deployctl.support.file.ProcessLock;
import deployctl.support.process.Host;
import deployctl.support.process.Shutdown;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a monitor in this process: takes the role, connects the listeners, ends in good order. */
public final class MonitorRunner {
  public static final String ROLE = "monitor";

  /** What a monitor that is told to end may still take. */
  private static final long LAST_MILLIS = 1_500;

  private final MonitorContext context;
  private final WatchRequest watched;
  private final MonitorSettings settings;

  MonitorRunner(MonitorContext context, WatchRequest watched, MonitorSettings settings) {
    this.context = context;
    this.watched = watched;
    this.settings = settings;
  }

  ExitCode run() {
    MonitorStore store = context.store().get();
    Optional<ProcessLock.Held> role = store.takeRole(ROLE, watched.correlationId());
    if (role.isEmpty()) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          watched.correlationId() + " is being watched already",
          "See 'deployctl monitor status " + watched.correlationId() + "'");
    }
    MonitorLog log =
        new MonitorLog(watched.logFile(), watched, context.time(), context.console()::warn);
    MonitorCheckpoint memory =
        new MonitorCheckpoint(store, watched, settings, log.eventIds(), context.time());
    memory.begin(Host.name(context.env()));
    AtomicBoolean ending = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(1);
    try (Shutdown.Registration hook = context.shutdown().onEnd(() -> end(ending, done, memory))) {
      return watch(memory, log, ending);
    } finally {
      done.countDown();
    }
  }

  private ExitCode watch(MonitorCheckpoint memory, MonitorLog log, AtomicBoolean ending) {
    SlackView slack =
        new SlackView(
            context.notifier().get(),
            watched,
            memory::tellingEnd,
            context.time(),
            text -> log.write(Alert.AlertLevel.WARN, text));
    MonitorListener screen = screen(log);
    MonitorListener all = new All(List.of(new LogView(log), slack, screen, recorder()));
    Monitor monitor =
        new Monitor(
            watched,
            settings,
            context.stacks().get(),
            new MonitorLease(
                context.registry().get(),
                context.coordinator(),
                watched.correlationId(),
                context.time(),
                text -> log.write(Alert.AlertLevel.WARN, text)),
            memory,
            all,
            context.remainder().get(),
            new ServiceWatch(context.services(), context.logs()),
            context.time(),
            context.random(),
            ending::get);
    Optional<OperationResult> end;
    try {
      end = monitor.run();
    } finally {
      screen.close();
    }
    if (end.isEmpty()) {
      log.write(Alert.AlertLevel.INFO, "Stopped");
      slack.abandon();
      return ExitCode.TERMINATED;
    }
    slack.close();
    return end.get().outcome().exitCode();
  }

  private void end(AtomicBoolean ending, CountDownLatch done, MonitorCheckpoint memory) {
    ending.set(true);
    try {
      if (!done.await(LAST_MILLIS, TimeUnit.MILLISECONDS)) {
        // A call that does not return: everything that was told is on disk since the last poll.
        memory.stopped();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    memory.stopped();
  }

  /** What is over is learned from. */
  private MonitorListener recorder() {
    return new MonitorListener() {
      @Override
      public void over(List<StackEvent> events) {
        context.recorder().get().record(watched, events);
      }
    };
  }

  private MonitorListener screen(MonitorLog log) {
    if (context.console().json()) {
      return new JsonView(context.console(), log);
    }
    if ("true".equals(context.env().get("GITHUB_ACTIONS"))) {
      return new GithubView(context.console(), context.github());
    }
    if (context.console().terminal().output()) {
      Optional<LiveView> live =
          LiveView.open(context.console(), context.console().colourful(), context.time());
      if (live.isPresent()) {
        return live.get();
      }
    }
    return new PlainView(context.console());
  }

  /** Tells several listeners the same. */
  private record All(List<MonitorListener> listeners) implements MonitorListener {
    @Override
    public void event(StackEvent event) {
      listeners.forEach(listener -> listener.event(event));
    }

    @Override
    public void notice(Alert notice) {
      listeners.forEach(listener -> listener.notice(notice));
    }

    @Override
    public void look(Snapshot snapshot) {
      listeners.forEach(listener -> listener.look(snapshot));
    }

    @Override
    public void over(List<StackEvent> events) {
      listeners.forEach(listener -> listener.over(events));
    }

    @Override
    public void end(OperationResult report) {
      listeners.forEach(listener -> listener.end(report));
    }
  }
}
