package deployctl.aws.client;

import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides how long whoever waits or watches bears that AWS gives no answer: an outage is sat out
 * for a while, a mistake in the set-up is never.
 */
public final class OutageTolerance {
  private final Duration longest;
  private final boolean fromTheStart;
  private final Time time;
  private @Nullable Deadline end;
  private boolean answered;

  private OutageTolerance(Duration longest, boolean fromTheStart, Time time) {
    this.longest = longest;
    this.fromTheStart = fromTheStart;
    this.time = time;
  }

  /** Make one that bears an outage for so long, whether or not AWS has ever answered. */
  public static OutageTolerance of(Duration longest, Time time) {
    return new OutageTolerance(longest, true, time);
  }

  /** Make one that bears an outage for so long once AWS has answered, and none before. */
  public static OutageTolerance afterAnAnswer(Duration longest, Time time) {
    return new OutageTolerance(longest, false, time);
  }

  /** Hear that AWS has answered; returns whether that ended an outage. */
  public boolean answered() {
    answered = true;
    boolean ended = end != null;
    end = null;
    return ended;
  }

  /** Hear that AWS has not answered; returns whether that began an outage. */
  public boolean failed() {
    if (end != null) {
      return false;
    }
    end = Deadline.in(longest, time);
    return true;
  }

  /** Tell whether to go on after a failure that was heard of. */
  public boolean bears(AwsFailure failure) {
    Deadline until = end;
    return failure.problem().passing()
        && (answered || fromTheStart)
        && (until == null || !until.passed());
  }
}
