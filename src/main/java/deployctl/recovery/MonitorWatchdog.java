package deployctl.recovery;

import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.checkpoint.MonitorRole;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.List;

/**
 * Looks after one monitor: starts it again when it died or hangs, as long as that helps.
 *
 * <p>Identity is pid, start and boot of a process; which of several monitors stays is decided by
 * the lock that it holds, so that any number of recoveries make one monitor.
 */
public final class MonitorWatchdog {
  /** Written down when the end was told: cron looks again every minute. */
  private static final String TOLD = "recovery_told_end";

  /** What a check came to. */
  public enum MonitorCondition {
    /** The monitor works. */
    HEALTHY,
    /** It had died or hung, and was started again. */
    RESTARTED,
    /** There is nothing left to look after. */
    DONE,
    /** Starting it again does not help. */
    GAVE_UP
  }

  private final WatchRequest request;
  private final List<String> options;
  private final MonitorStore store;
  private final MonitorProcesses processes;
  private final RecoveryReport report;
  private final HangDetector hang;
  private final RestartBudget budget;
  private final Time time;
  private int uncounted;

  /**
   * Make a watchdog.
   *
   * @param options the options under which the monitor is started again
   */
  MonitorWatchdog(
      WatchRequest request,
      List<String> options,
      MonitorStore store,
      MonitorProcesses processes,
      RecoveryReport report,
      HangDetector hang,
      RestartBudget budget,
      Time time) {
    this.request = request;
    this.options = options;
    this.store = store;
    this.processes = processes;
    this.report = report;
    this.hang = hang;
    this.budget = budget;
    this.time = time;
  }

  /** Look once, and do what is to be done. */
  MonitorCondition check() {
    MonitorState state = store.find(request.correlationId()).orElse(null);
    if (state != null && state.stopped() && !state.running()) {
      report.info("The monitor was stopped; nothing is left to look after");
      return MonitorCondition.DONE;
    }
    if (state != null && state.finished()) {
      return over(state);
    }
    if (state != null && state.runsElsewhere(time.now())) {
      return MonitorCondition.HEALTHY;
    }
    if (state == null || !state.running()) {
      // The lock is the truth; a state that was lost comes back with the next poll.
      return store.roleTaken(MonitorRole.MONITOR, request.correlationId())
          ? MonitorCondition.HEALTHY
          : restart("The monitor is not running");
    }
    if (hang.hangs(signsOfLife(state), time.nanos())) {
      report.warn("The monitor hangs: no poll was finished; it is ended");
      processes.kill(state);
      return restart("The monitor hung");
    }
    return MonitorCondition.HEALTHY;
  }

  /**
   * Look once without having looked before, as cron does: a hang is told by the age of the last
   * poll on the clock that both processes share.
   */
  MonitorCondition checkOnce(Duration hungAfter) {
    MonitorState state = store.find(request.correlationId()).orElse(null);
    boolean old =
        state != null
            && state.running()
            && !state.finished()
            && time.nanos() - state.heartbeatNanos() >= hungAfter.toNanos()
            && time.now().toEpochMilli()
                    - store.lastBeat(MonitorRole.MONITOR, request.correlationId())
                >= hungAfter.toMillis();
    if (old && state != null) {
      report.warn("The monitor hangs: no poll was finished; it is ended");
      processes.kill(state);
      return restart("The monitor hung");
    }
    return check();
  }

  private MonitorCondition over(MonitorState state) {
    boolean told = state.toJson().has(TOLD);
    store.change(request.correlationId(), known -> known.with(TOLD, true));
    if (told) {
      return state.outcome() == MonitorOutcome.UNKNOWN
          ? MonitorCondition.GAVE_UP
          : MonitorCondition.DONE;
    }
    if (state.outcome() == MonitorOutcome.UNKNOWN) {
      // Missing permissions or expired credentials are not mended by another start.
      String why = state.reason() == null ? "" : ": " + state.reason();
      report.error("The monitor gave up for good" + why);
      report.askPeople("The deployment is not being watched any more" + why);
      return MonitorCondition.GAVE_UP;
    }
    report.info("The deployment is over; nothing is left to look after");
    return MonitorCondition.DONE;
  }

  private MonitorCondition restart(String why) {
    MonitorState before = state();
    if (!budget.allows(before, time.now()) || uncounted >= budget.most()) {
      return giveUp(why, before);
    }
    hang.reset();
    boolean counted =
        store.change(request.correlationId(), state -> budget.spend(state, time.now()));
    // A full disk must not make the budget endless.
    uncounted += counted ? 0 : 1;
    MonitorProcesses.Started started = processes.startMonitor(request, options);
    MonitorState now = state();
    if (!started.running() && now.running()) {
      report.info(why + "; another recovery has started it");
      return MonitorCondition.HEALTHY;
    }
    boolean well = started.running() || now.finished() && now.outcome() != MonitorOutcome.UNKNOWN;
    String complaint = started.complaint().isEmpty() ? "" : ": " + started.complaint();
    String text =
        why
            + "; "
            + (well ? "it was started again" + pid(now) : "starting it again failed" + complaint)
            + " (restart "
            + budget.spent(now, time.now())
            + " of "
            + budget.most()
            + " in "
            + budget.within().toMinutes()
            + " minutes)";
    report.warn(text);
    report.tell(text);
    return MonitorCondition.RESTARTED;
  }

  private MonitorCondition giveUp(String why, MonitorState state) {
    String text =
        why
            + " and was started again "
            + budget.spent(state, time.now())
            + " times in "
            + budget.within().toMinutes()
            + " minutes; recovery gives up. The deployment is not being watched";
    report.error(text);
    report.askPeople(text);
    store.change(request.correlationId(), known -> known.with("recovery_gave_up_at", time.now()));
    return MonitorCondition.GAVE_UP;
  }

  private long signsOfLife(MonitorState state) {
    return state.polls() + store.lastBeat(MonitorRole.MONITOR, request.correlationId());
  }

  private MonitorState state() {
    return store
        .find(request.correlationId())
        .orElseGet(() -> MonitorState.empty(request.correlationId()));
  }

  private static String pid(MonitorState state) {
    ProcessIdentity process = state.process();
    return process == null || !state.running() ? "" : " (pid " + process.pid() + ")";
  }
}
