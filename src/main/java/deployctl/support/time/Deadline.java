package deployctl.support.time;

import java.time.Duration;

/** A point on the monotonic clock by which something must be done; untouched by clock steps. */
public final class Deadline {
  private final Time time;
  private final long end;

  private Deadline(Time time, long end) {
    this.time = time;
    this.end = end;
  }

  /** Return the deadline that lies {@code duration} from now; up to 100 years. */
  public static Deadline in(Duration duration, Time time) {
    Duration capped =
        duration.compareTo(Duration.ofDays(36_500)) > 0 ? Duration.ofDays(36_500) : duration;
    return new Deadline(time, time.nanos() + capped.toNanos());
  }

  /** Return the time left, zero when the deadline has passed; never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, end - time.nanos()));
  }

  /** Tell whether the deadline has passed. */
  public boolean passed() {
    return end - time.nanos() <= 0;
  }
}
