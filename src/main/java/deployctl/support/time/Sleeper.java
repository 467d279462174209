package deployctl.support.time;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Sleeps on a {@link Time}. An interrupt ends a sleep early; it is never lost: the thread's flag
 * stays set, and the return value says that the time was not slept.
 */
public final class Sleeper {
  /** So often is looked whether there is still something to sleep for. */
  private static final Duration STEP = Duration.ofMillis(200);

  private final Time time;

  /** Make a sleeper. */
  public Sleeper(Time time) {
    this.time = time;
  }

  /** Sleep for so long; returns false when it was interrupted. */
  public boolean sleep(Duration length) {
    try {
      time.sleep(length);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Sleep until the time is over or {@code done} says so, in small steps: an interrupt that cut a
   * long sleep short would also break what another part of the thread is writing.
   *
   * @return false when it was interrupted
   */
  public boolean sleep(Duration length, BooleanSupplier done) {
    Deadline end = Deadline.in(length, time);
    while (!done.getAsBoolean() && !end.passed()) {
      Duration left = end.remaining();
      if (!sleep(left.compareTo(STEP) < 0 ? left : STEP)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Wait for a condition.
   *
   * @param most how long at most
   * @param every how long between two looks
   * @return whether it came true
   */
  public boolean await(BooleanSupplier condition, Duration most, Duration every) {
    Deadline end = Deadline.in(most, time);
    while (!condition.getAsBoolean()) {
      if (end.passed()) {
        return false;
      }
      if (!sleep(every)) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }
}
