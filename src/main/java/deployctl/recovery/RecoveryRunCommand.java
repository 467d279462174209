package deployctl.recovery;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stacks;
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
import deployctl.registry.Deployment;
import deployctl.registry.HoldState;
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
  private final Supplier<Stacks> stacks;
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
      Supplier<Stacks> stacks,
      MonitorProcesses processes,
      Supplier<Notifier> notifier,
      Console console,
      Shutdown.Hooks shutdown,
      Time time) {
    this.requests = requests;
    this.settings = settings;
    this.store = store;
    this.stacks = stacks;
    this.processes = processes;
    this.notifier = notifier;
    this.console = console;
    this.shutdown = shutdown;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    arguments.declareOptional(spec, "with --once all that are in progress");
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
        "* * * * * deployctl recovery run --once",
        "",
        "Exit code 0: the deployment is over, or the monitor is well. 1: it gave up.");
  }

  @Override
  public ExitCode run() {
    MonitorSettings how = options.settings(settings);
    if (!arguments.named()) {
      return lookAfterAll(how);
    }
    Deployment entry = requests.entry(arguments.correlationId());
    if (entry == null && !arguments.namesStack()) {
      throw Failure.usage(
          "The registry knows no deployment " + arguments.correlationId(),
          "See 'deployctl coordinator list', or name its stack, too");
    }
    WatchRequest request = arguments.request(requests);
    String over = over(request, entry);
    if (!over.isEmpty()) {
      console.note(over + "; nothing is left to look after");
      return ExitCode.OK;
    }
    return lookAfter(request, how);
  }

  /** Return why there is nothing to look after; empty when there may be something. */
  private String over(WatchRequest request, @Nullable Deployment entry) {
    if (entry != null) {
      return entry.status().finished()
          ? entry.correlationId() + " is " + entry.status()
          : entry.operationEndedAt() != null && !endIsUntold(entry)
              ? HoldState.ENDED.describe(entry).replaceFirst("^its", "The")
              : "";
    }
    if (store.get().find(request.correlationId()).isPresent()) {
      // It was watched: its end may have come since, and not have been told.
      return "";
    }
    try {
      return stacks
          .get()
          .find(request.lookup())
          .filter(stack -> !stack.status().inProgress())
          .map(stack -> stack.name() + " is " + stack.status())
          .orElse("");
    } catch (AwsFailure e) {
      return "";
    }
  }

  /** A monitor that was killed at its very end has seen it, and not told it. */
  private boolean endIsUntold(Deployment entry) {
    return store
        .get()
        .find(entry.correlationId())
        .map(state -> !state.finished() && !state.stopped())
        .orElse(false);
  }

  /** Look once after each deployment that should have a monitor. */
  private ExitCode lookAfterAll(MonitorSettings how) {
    if (!once) {
      throw Failure.usage(
          "No deployment is named",
          "Name one, or say --once to look after all that are in progress");
    }
    ExitCode worst = ExitCode.OK;
    for (Deployment entry : requests.going()) {
      boolean unwatched = entry.isHeldByRun() && store.get().find(entry.correlationId()).isEmpty();
      boolean over = entry.operationEndedAt() != null && !endIsUntold(entry);
      if (unwatched || over) {
        // A run sees to its own monitor, and may have been told to do without.
        continue;
      }
      ExitCode came = lookAfter(requests.of(entry), how);
      worst = came == ExitCode.OK ? worst : came;
    }
    return worst;
  }

  private ExitCode lookAfter(WatchRequest request, MonitorSettings how) {
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
