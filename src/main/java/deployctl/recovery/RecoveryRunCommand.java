package deployctl.recovery;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.monitor.MonitorContext;
import deployctl.monitor.MonitorOptions;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.WatchArguments;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.view.MonitorLog;
import deployctl.monitor.watch.MonitorSettings;
import deployctl.monitor.watch.WatchRequest;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification;
import deployctl.notify.message.NotificationType;
import deployctl.recovery.MonitorWatchdog.MonitorCondition;
import deployctl.support.Failure;
import deployctl.support.file.ProcessLock;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code recovery run}: look after a monitor until the deployment is over, or once for cron. */
public final class RecoveryRunCommand implements Command {
  private static final Duration STEP = Duration.ofMillis(200);
  private static final long LAST_MILLIS = 1_500;

  private final RecoveryContext context;
  private final WatchArguments arguments = new WatchArguments();
  private final MonitorOptions options = new MonitorOptions();
  private final AtomicBoolean ending = new AtomicBoolean();
  private boolean once;
  private @Nullable String most;

  /** Make the command. */
  public RecoveryRunCommand(RecoveryContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    arguments.declare(spec);
    options.declare(spec);
    Args.flag(spec, "--once", "Look once and end, for cron.", v -> once = v);
    Args.option(
        spec,
        "--max-restarts",
        "<number>",
        "Restarts in five minutes before it gives up (default: 5).",
        v -> most = v);
    Args.examples(
        spec,
        "deployctl recovery run \"$ID\" CourtCaseManagementStack",
        "* * * * * deployctl recovery run \"$ID\" --once",
        "",
        "Exit code 0: the deployment is over, or the monitor is well. 1: it gave up.");
  }

  @Override
  public ExitCode run() {
    MonitorContext monitor = context.monitor();
    WatchRequest watched = arguments.watched(monitor);
    MonitorSettings settings = options.settings(monitor.settings());
    MonitorStore store = monitor.store().get();
    Optional<ProcessLock.Held> role = store.takeRole("recovery", watched.correlationId());
    if (role.isEmpty()) {
      monitor.console().note(watched.correlationId() + " is looked after already");
      return ExitCode.OK;
    }
    MonitorWatchdog recovery = recovery(monitor, watched, settings, store);
    if (once) {
      return exit(recovery.lookOnce(settings.hungAfter()));
    }
    store.change(
        watched.correlationId(),
        state ->
            state
                .with("recovery", MonitorState.fieldsOf(ProcessIdentity.current()))
                .with("recovery_gave_up_at", null));
    CountDownLatch done = new CountDownLatch(1);
    try (Shutdown.Registration hook = monitor.shutdown().onEnd(() -> end(done))) {
      return lookAfter(recovery, settings, store, watched);
    } finally {
      done.countDown();
    }
  }

  private ExitCode lookAfter(
      MonitorWatchdog recovery,
      MonitorSettings settings,
      MonitorStore store,
      WatchRequest watched) {
    while (!ending.get()) {
      MonitorCondition finding = recovery.look();
      if (finding == MonitorCondition.DONE || finding == MonitorCondition.GAVE_UP) {
        return exit(finding);
      }
      rest(settings.recoveryInterval(), finding, store, watched);
    }
    return ExitCode.TERMINATED;
  }

  /**
   * Wait for the next look. A monitor that was well and dies is started again soon; one that had to
   * be started just now waits for its turn, so that a crash loop is slow.
   */
  private void rest(
      Duration length, MonitorCondition finding, MonitorStore store, WatchRequest watched) {
    ProcessIdentity process =
        finding == MonitorCondition.HEALTHY
            ? store.find(watched.correlationId()).map(MonitorState::process).orElse(null)
            : null;
    Deadline end = Deadline.in(length, context.monitor().time());
    try {
      while (!ending.get() && !end.passed()) {
        Duration left = end.remaining();
        context.monitor().time().sleep(left.compareTo(STEP) < 0 ? left : STEP);
        if (process != null && process.certainlyDead()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      ending.set(true);
      Thread.currentThread().interrupt();
    }
  }

  private void end(CountDownLatch done) {
    ending.set(true);
    try {
      if (!done.await(LAST_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private MonitorWatchdog recovery(
      MonitorContext monitor, WatchRequest watched, MonitorSettings settings, MonitorStore store) {
    Path folder = watched.logFile().toAbsolutePath().getParent();
    Path file = folder == null ? Path.of(RecoveryContext.LOG) : folder.resolve(RecoveryContext.LOG);
    MonitorLog log = new MonitorLog(file, watched, monitor.time(), monitor.console()::warn);
    return new MonitorWatchdog(
        watched,
        options.words(),
        store,
        new MonitorProcesses(monitor),
        log,
        text -> tell(watched, watched.channel(), text),
        text -> tell(watched, context.interactChannel().get(), text),
        RestartBudget.of(mostRestarts(), settings.recoveryInterval()),
        settings.hungAfter(),
        settings.recoveryInterval(),
        monitor.time());
  }

  private void tell(WatchRequest watched, @Nullable String channel, String text) {
    context.monitor().console().warn(text);
    Notifier notifier = context.monitor().notifier().get();
    try {
      notifier.queue(
          Notification.about(
                  NotificationType.ALERT,
                  context.monitor().time().now(),
                  watched.correlationId(),
                  watched.stack(),
                  text)
              .to(channel));
      notifier.flush(channel);
    } catch (Failure e) {
      context.monitor().console().warn(e.what());
    }
  }

  private int mostRestarts() {
    if (most == null) {
      return RestartBudget.USUAL;
    }
    if (!most.matches("\\d{1,6}")) {
      throw Failure.usage("'" + most + "' is not a number of restarts", "Write it like 5");
    }
    return Integer.parseInt(most);
  }

  private static ExitCode exit(MonitorCondition finding) {
    return switch (finding) {
      case HEALTHY, RESTARTED, DONE -> ExitCode.OK;
      case GAVE_UP -> ExitCode.NO;
    };
  }
}
