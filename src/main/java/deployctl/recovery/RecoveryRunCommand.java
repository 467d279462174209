package deployctl.recovery;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.cli.ProgramSettings;
import deployctl.monitor.MonitorOptions;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.WatchArguments;
import deployctl.monitor.WatchRequests;
import deployctl.monitor.checkpoint.MonitorRole;
import deployctl.monitor.checkpoint.MonitorSettings;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.view.MonitorLog;
import deployctl.notify.Notifier;
import deployctl.recovery.MonitorWatchdog.MonitorCondition;
import deployctl.state.Claim;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code recovery run}: look after a monitor until the deployment is over, or once for cron. */
public final class RecoveryRunCommand implements Command {
  /** The recovery's log, beside the monitor's. */
  public static final String LOG = "monitor-recovery.log";

  private static final long LAST_MILLIS = 1_500;

  private final WatchRequests requests;
  private final Settings settings;
  private final Supplier<MonitorStore> store;
  private final MonitorProcesses processes;
  private final Supplier<Notifier> notifier;
  private final Console console;
  private final Shutdown.Hooks shutdown;
  private final Time time;
  private final WatchArguments arguments = new WatchArguments();
  private final MonitorOptions options = new MonitorOptions();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private boolean once;
  private @Nullable String most;

  /** Make the command. */
  public RecoveryRunCommand(
      WatchRequests requests,
      Settings settings,
      Supplier<MonitorStore> store,
      MonitorProcesses processes,
      Supplier<Notifier> notifier,
      Console console,
      Shutdown.Hooks shutdown,
      Time time) {
    this.requests = requests;
    this.settings = settings;
    this.store = store;
    this.processes = processes;
    this.notifier = notifier;
    this.console = console;
    this.shutdown = shutdown;
    this.time = time;
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
    WatchRequest request = arguments.request(requests);
    MonitorSettings how = options.settings(settings);
    Optional<Claim> role = store.get().takeRole(MonitorRole.RECOVERY, request.correlationId());
    if (role.isEmpty()) {
      console.note(request.correlationId() + " is looked after already");
      return ExitCode.OK;
    }
    MonitorWatchdog watchdog = watchdog(request, how);
    if (once) {
      return exit(watchdog.checkOnce(how.hungAfter()));
    }
    store
        .get()
        .change(
            request.correlationId(),
            state ->
                state
                    .with("recovery", MonitorState.fieldsOf(ProcessIdentity.current()))
                    .with("recovery_gave_up_at", null));
    CountDownLatch done = new CountDownLatch(1);
    try (Shutdown.Registration hook = shutdown.onEnd(() -> end(done))) {
      return lookAfter(watchdog, how, request);
    } finally {
      done.countDown();
    }
  }

  private ExitCode lookAfter(MonitorWatchdog watchdog, MonitorSettings how, WatchRequest request) {
    while (!stopping.get()) {
      MonitorCondition condition = watchdog.check();
      if (condition == MonitorCondition.DONE || condition == MonitorCondition.GAVE_UP) {
        return exit(condition);
      }
      rest(how.recoveryInterval(), condition, request);
    }
    return ExitCode.TERMINATED;
  }

  /**
   * Wait for the next look. A monitor that was well and dies is started again soon; one that had to
   * be started just now waits for its turn, so that a crash loop is slow.
   */
  private void rest(Duration length, MonitorCondition condition, WatchRequest request) {
    ProcessIdentity process =
        condition == MonitorCondition.HEALTHY
            ? store.get().find(request.correlationId()).map(MonitorState::process).orElse(null)
            : null;
    boolean slept =
        new Sleeper(time)
            .sleep(length, () -> stopping.get() || process != null && process.certainlyDead());
    if (!slept) {
      stopping.set(true);
    }
  }

  private void end(CountDownLatch done) {
    stopping.set(true);
    try {
      if (!done.await(LAST_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private MonitorWatchdog watchdog(WatchRequest request, MonitorSettings how) {
    MonitorLog log = new MonitorLog(request.logFile().sibling(LOG), request, time, console::warn);
    RecoveryReport report =
        new RecoveryReport(
            request,
            log,
            console,
            notifier,
            () -> settings.get(ProgramSettings.SLACK_INTERACT_CHANNEL, null),
            time);
    return new MonitorWatchdog(
        request,
        options.argv(),
        store.get(),
        processes,
        report,
        new HangDetector(how.hungAfter(), how.recoveryInterval()),
        RestartBudget.of(mostRestarts(), how.recoveryInterval()),
        time);
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

  private static ExitCode exit(MonitorCondition condition) {
    return switch (condition) {
      case HEALTHY, RESTARTED, DONE -> ExitCode.OK;
      case GAVE_UP -> ExitCode.NO;
    };
  }
}
