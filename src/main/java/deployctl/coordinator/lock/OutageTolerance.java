package deployctl.coordinator.lock;

import deployctl.aws.client.AwsFailure;
import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a command that waits goes on when AWS gives no answer: an outage in the middle is
 * sat out for a while, a mistake in the set-up is reported at once.
 */
final class OutageTolerance {
  /** How long AWS may stay away after it had answered before. */
  static final Duration OUTAGE = Duration.ofMinutes(5);

  private final Time time;
  private @Nullable Deadline outageEnds;
  private boolean answered;

  OutageTolerance(Time time) {
    this.time = time;
  }

  /** Take note of a verdict, and tell whether to go on waiting after it. */
  boolean goesOnAfter(GateDecision verdict) {
    AwsFailure failure = verdict.failure();
    if (failure == null) {
      answered = true;
      outageEnds = null;
      return true;
    }
    if (!answered || !failure.problem().passing()) {
      return false;
    }
    Deadline ends = outageEnds;
    if (ends == null) {
      ends = Deadline.in(OUTAGE, time);
      outageEnds = ends;
    }
    return !ends.passed();
  }
}
