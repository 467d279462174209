package deployctl.recovery;

import java.time.Duration;

/**
 * Decides whether a monitor hangs: its polling loop has finished no poll for too long, whatever its
 * threads do.
 *
 * <p>Time is what this process itself has lived through: a gap between two looks that is longer
 * than usual (a suspended host, a stopped container) counts as one usual look, for the monitor was
 * not running either. Neither a step of the wall clock nor such a pause can make a hang.
 */
final class HangDetector {
  private final Duration hungAfter;
  private final Duration usualGap;
  private long polls = -1;
  private long lastCheck;
  private Duration unchanged = Duration.ZERO;

  /**
   * Make a watch.
   *
   * @param hungAfter for how long no poll may be finished
   * @param interval how often is looked
   */
  HangDetector(Duration hungAfter, Duration interval) {
    this.hungAfter = hungAfter;
    this.usualGap = interval.multipliedBy(2);
  }

  /** Look at the number of finished polls; returns whether the monitor hangs. */
  boolean hangs(long polled, long nowNanos) {
    if (polled != polls) {
      polls = polled;
      unchanged = Duration.ZERO;
      lastCheck = nowNanos;
      return false;
    }
    Duration gap = Duration.ofNanos(Math.max(0, nowNanos - lastCheck));
    lastCheck = nowNanos;
    unchanged = unchanged.plus(gap.compareTo(usualGap) > 0 ? usualGap : gap);
    return unchanged.compareTo(hungAfter) >= 0;
  }

  /** Forget what was seen: another monitor is at work. */
  void reset() {
    polls = -1;
    unchanged = Duration.ZERO;
  }
}
