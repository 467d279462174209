package deployctl.monitor.checkpoint;

import java.time.Duration;

/**
 * How to watch.
 *
 * @param checkInterval how often CloudFormation is asked
 * @param stallThreshold after how long without an event an operation counts as stalled
 * @param maxDuration after how long an operation is said to take too long
 * @param recoveryInterval how often the recovery looks after the monitor
 * @param outageTolerance how long AWS may stay away before the monitor gives up
 * @param waitForOperation how long a registered deployment may take to begin its operation
 * @param waitForStack how long to wait for a stack that does not exist; zero for not at all
 */
public record MonitorSettings(
    Duration checkInterval,
    Duration stallThreshold,
    Duration maxDuration,
    Duration recoveryInterval,
    Duration outageTolerance,
    Duration waitForOperation,
    Duration waitForStack) {

  /** Return after how long without a finished poll a monitor counts as hung. */
  public Duration hungAfter() {
    Duration byChecks = checkInterval.multipliedBy(3);
    Duration byRecovery = recoveryInterval.multipliedBy(3);
    return byChecks.compareTo(byRecovery) > 0 ? byChecks : byRecovery;
  }
}
