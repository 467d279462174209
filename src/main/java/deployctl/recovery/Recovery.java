package deployctl.recovery;

import deployctl.monitor.MonitorLog;
import deployctl.monitor.MonitorState;
import deployctl.monitor.MonitorStore;
import deployctl.monitor.Notice;
import deployctl.monitor.Outcome;
import deployctl.monitor.Supervision;
import deployctl.monitor.Watched;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks after one monitor: starts it again when it died or hangs, as long as that helps.
 *
 * <p>Identity is pid, start and boot of a process; which of several monitors stays is decided by
 * the lock that it holds, so that any number of recoveries make one monitor.
 */
public final class Recovery {
  /** Written down when the end was told: cron looks again every minute. */
  private static final String TOLD = "recovery_told_end";

  /** What a look came to. */
  public enum Finding {
    /** The monitor works. */
    HEALTHY,
    /** It had died or hung, and was started again. */
    RESTARTED,
    /** There is nothing left to look after. */
    DONE,
    /** Starting it again does not help. */
    GAVE_UP
  }

  private final Watched watched;
  private final List<String> options;
  private final MonitorStore store;
  private final Supervision supervision;
  private final MonitorLog log;
  private final Consumer<String> slack;
  private final Consumer<String> slackForPeople;
  private final HangWatch hang;
  private final RestartBudget budget;
  private final Time time;
  private int uncounted;

  /**
   * Make a recovery.
   *
   * @param options the options under which the monitor is started again
   * @param slack tells the deployment's channel
   * @param slackForPeople tells the channel where a person is asked for
   */
  Recovery(
      Watched watched,
      List<String> options,
      MonitorStore store,
      Supervision supervision,
      MonitorLog log,
      Consumer<String> slack,
      Consumer<String> slackForPeople,
      RestartBudget budget,
      Duration hungAfter,
      Duration interval,
      Time time) {
    this.watched = watched;
    this.options = options;
    this.store = store;
    this.supervision = supervision;
    this.log = log;
    this.slack = slack;
    this.slackForPeople = slackForPeople;
    this.budget = budget;
    this.hang = new HangWatch(hungAfter, interval);
    this.time = time;
  }

  /** Look once, and do what is to be done. */
  Finding look() {
    MonitorState state = store.find(watched.correlationId()).orElse(null);
    if (state != null && state.stopped() && !state.running()) {
      log.write(Notice.Level.INFO, "The monitor was stopped; nothing is left to look after");
      return Finding.DONE;
    }
    if (state != null && state.finished()) {
      return over(state);
    }
    if (state == null || !state.running()) {
      // The lock is the truth; a state that was lost comes back with the next poll.
      return store.roleTaken("monitor", watched.correlationId())
          ? Finding.HEALTHY
          : restart("The monitor is not running");
    }
    if (hang.hangs(signsOfLife(state), time.nanos())) {
      log.write(Notice.Level.WARN, "The monitor hangs: no poll was finished; it is ended");
      supervision.kill(state.process());
      return restart("The monitor hung");
    }
    return Finding.HEALTHY;
  }

  /**
   * Look once without having looked before, as cron does: a hang is told by the age of the last
   * poll on the clock that both processes share.
   */
  Finding lookOnce(Duration hungAfter) {
    MonitorState state = store.find(watched.correlationId()).orElse(null);
    boolean old =
        state != null
            && state.running()
            && !state.finished()
            && time.nanos() - state.heartbeatNanos() >= hungAfter.toNanos()
            && time.now().toEpochMilli() - store.lastBeat("monitor", watched.correlationId())
                >= hungAfter.toMillis();
    if (old && state != null) {
      log.write(Notice.Level.WARN, "The monitor hangs: no poll was finished; it is ended");
      supervision.kill(state.process());
      return restart("The monitor hung");
    }
    return look();
  }

  private Finding over(MonitorState state) {
    boolean told = state.toJson().has(TOLD);
    store.change(watched.correlationId(), known -> known.with(TOLD, true));
    if (told) {
      return state.outcome() == Outcome.UNKNOWN ? Finding.GAVE_UP : Finding.DONE;
    }
    if (state.outcome() == Outcome.UNKNOWN) {
      // Missing permissions or expired credentials are not mended by another start.
      String why = state.reason() == null ? "" : ": " + state.reason();
      log.write(Notice.Level.ERROR, "The monitor gave up for good" + why);
      slackForPeople.accept("The deployment is not being watched any more" + why);
      return Finding.GAVE_UP;
    }
    log.write(Notice.Level.INFO, "The deployment is over; nothing is left to look after");
    return Finding.DONE;
  }

  private Finding restart(String why) {
    MonitorState before = state();
    if (!budget.allows(before, time.now()) || uncounted >= budget.most()) {
      return giveUp(why, before);
    }
    hang.reset();
    boolean counted =
        store.change(watched.correlationId(), state -> budget.spend(state, time.now()));
    // A full disk must not make the budget endless.
    uncounted += counted ? 0 : 1;
    Supervision.Started started = supervision.startMonitor(watched, options);
    MonitorState now = state();
    if (!started.running() && now.running()) {
      log.write(Notice.Level.INFO, why + "; another recovery has started it");
      return Finding.HEALTHY;
    }
    boolean well = started.running() || now.finished() && now.outcome() != Outcome.UNKNOWN;
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
    log.write(Notice.Level.WARN, text);
    slack.accept(text);
    return Finding.RESTARTED;
  }

  private Finding giveUp(String why, MonitorState state) {
    String text =
        why
            + " and was started again "
            + budget.spent(state, time.now())
            + " times in "
            + budget.within().toMinutes()
            + " minutes; recovery gives up. The deployment is not being watched";
    log.write(Notice.Level.ERROR, text);
    slackForPeople.accept(text);
    store.change(watched.correlationId(), known -> known.with("recovery_gave_up_at", time.now()));
    return Finding.GAVE_UP;
  }

  private long signsOfLife(MonitorState state) {
    return state.polls() + store.lastBeat("monitor", watched.correlationId());
  }

  private MonitorState state() {
    return store
        .find(watched.correlationId())
        .orElseGet(() -> MonitorState.empty(watched.correlationId()));
  }

  private static String pid(MonitorState state) {
    ProcessIdentity process = state.process();
    return process == null || !state.running() ? "" : " (pid " + process.pid() + ")";
  }
}
