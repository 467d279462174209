package deployctl.monitor;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.coordinator.lock.LeaseRenewer;
import deployctl.monitor.checkpoint.MonitorCheckpoint;
import deployctl.monitor.checkpoint.MonitorRole;
import deployctl.monitor.checkpoint.MonitorSettings;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.view.LogView;
import deployctl.monitor.view.MonitorLog;
import deployctl.monitor.view.MonitorViews;
import deployctl.monitor.view.SlackView;
import deployctl.monitor.watch.Alert.AlertLevel;
import deployctl.monitor.watch.Listeners;
import deployctl.monitor.watch.Monitor;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Pace;
import deployctl.monitor.watch.ServiceWatch;
import deployctl.notify.Notifier;
import deployctl.registry.Deployment;
import deployctl.state.Claim;
import deployctl.support.Failure;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Runs a monitor in this process: takes the role, connects the listeners, ends in good order. */
public final class MonitorRunner {
  /** What a monitor that is told to end may still take. */
  private static final long LAST_MILLIS = 1_500;

  /** A lease with less left than this is renewed. */
  private static final Duration RENEW_BELOW = Duration.ofMinutes(15);

  private final MonitorSources sources;
  private final MonitorViews views;
  private final Supplier<MonitorStore> store;
  private final Supplier<Notifier> notifier;
  private final Console console;
  private final String host;
  private final Shutdown.Hooks shutdown;
  private final Time time;
  private final RandomGenerator random;

  /**
   * Make a runner.
   *
   * @param host what this machine is called in the checkpoint
   */
  public MonitorRunner(
      MonitorSources sources,
      MonitorViews views,
      Supplier<MonitorStore> store,
      Supplier<Notifier> notifier,
      Console console,
      String host,
      Shutdown.Hooks shutdown,
      Time time,
      RandomGenerator random) {
    this.sources = sources;
    this.views = views;
    this.store = store;
    this.notifier = notifier;
    this.console = console;
    this.host = host;
    this.shutdown = shutdown;
    this.time = time;
    this.random = random;
  }

  /**
   * Watch a deployment to its end.
   *
   * @throws Failure when another process watches it already
   */
  public ExitCode run(WatchRequest request, MonitorSettings settings) {
    Optional<Claim> role = store.get().takeRole(MonitorRole.MONITOR, request.correlationId());
    if (role.isEmpty()) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          request.correlationId() + " is being watched already",
          "See 'deployctl monitor status " + request.correlationId() + "'");
    }
    MonitorLog log = new MonitorLog(request.logFile(), request, time, console::warn);
    MonitorCheckpoint checkpoint =
        new MonitorCheckpoint(
            store.get(), request, settings, token(request, log), log.eventIds(), time);
    checkpoint.begin(host);
    AtomicBoolean stopping = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(1);
    try (Shutdown.Registration hook = shutdown.onEnd(() -> end(stopping, done, checkpoint))) {
      return watch(request, settings, checkpoint, log, stopping);
    } finally {
      done.countDown();
    }
  }

  private ExitCode watch(
      WatchRequest request,
      MonitorSettings settings,
      MonitorCheckpoint checkpoint,
      MonitorLog log,
      AtomicBoolean stopping) {
    SlackView slack =
        new SlackView(
            notifier.get(), request, checkpoint, time, text -> log.write(AlertLevel.WARN, text));
    MonitorListener screen = views.screen(log);
    Monitor monitor =
        new Monitor(
            request,
            settings,
            sources.stacks().get(),
            lease(request, log),
            checkpoint,
            new Listeners(List.of(new LogView(log), slack, screen, recorder(request))),
            sources.remainder().get(),
            new ServiceWatch(sources.services(), sources.logs()),
            new Pace(time, random, stopping::get));
    Optional<OperationResult> end;
    try {
      end = monitor.run();
    } finally {
      screen.close();
    }
    if (end.isEmpty()) {
      log.write(AlertLevel.INFO, "Stopped");
      slack.abandon();
      return ExitCode.TERMINATED;
    }
    slack.close();
    return end.get().outcome().exitCode();
  }

  private long token(WatchRequest request, MonitorLog log) {
    return lease(request, log).entry().map(Deployment::fencingToken).orElse(0L);
  }

  private LeaseRenewer lease(WatchRequest request, MonitorLog log) {
    return LeaseRenewer.ofWatcher(
        sources.coordinator().get(),
        request.correlationId(),
        DeploymentFactory.WATCHED_LEASE,
        RENEW_BELOW,
        time,
        text -> log.write(AlertLevel.WARN, text));
  }

  private static void end(
      AtomicBoolean stopping, CountDownLatch done, MonitorCheckpoint checkpoint) {
    stopping.set(true);
    try {
      if (!done.await(LAST_MILLIS, TimeUnit.MILLISECONDS)) {
        // A call that does not return: everything that was told is on disk since the last poll.
        checkpoint.stopped();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    checkpoint.stopped();
  }

  /** What is over is learned from. */
  private MonitorListener recorder(WatchRequest request) {
    return new MonitorListener() {
      @Override
      public void over(List<StackEvent> events) {
        sources.recorder().get().record(request, events);
      }
    };
  }
}
