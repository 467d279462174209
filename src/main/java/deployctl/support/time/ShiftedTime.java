package deployctl.support.time;

import java.time.Duration;
import java.time.Instant;

/**
 * Another clock until it is moved: then it goes on from the moment that it was moved to, as fast as
 * it is told.
 */
public final class ShiftedTime implements Time {
  private final Time real;
  private volatile Shift shift = new Shift(Duration.ZERO, 0, 0, 1);

  /** Where the clock was moved to; times in nanoseconds of the real monotonic clock. */
  private record Shift(Duration offset, long from, long base, int speed) {}

  /** Make a clock that shows what {@code real} shows. */
  public ShiftedTime(Time real) {
    this.real = real;
  }

  /**
   * Move the clock.
   *
   * @param speed how many seconds pass in a real one, 1 or more
   */
  public void moveTo(Instant moment, int speed) {
    shift = new Shift(Duration.between(real.now(), moment), real.nanos(), real.nanos(), speed);
  }

  @Override
  public Instant now() {
    Shift at = shift;
    Instant shown = real.now().plus(at.offset());
    return at.speed() == 1 ? shown : shown.plusNanos((real.nanos() - at.from()) * (at.speed() - 1));
  }

  @Override
  public long nanos() {
    Shift at = shift;
    return at.speed() == 1 ? real.nanos() : at.base() + (real.nanos() - at.from()) * at.speed();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    int speed = shift.speed();
    real.sleep(speed == 1 ? duration : duration.dividedBy(speed));
  }
}
