package deployctl.support.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The passing of time, as the program sees it.
 *
 * <p>{@link #now()} is for people and files and may step back; {@link #nanos()} only ever grows and
 * is for measuring.
 */
public interface Time {
  /** Return the wall clock's time. */
  Instant now();

  /** Return a monotonic count of nanoseconds from an arbitrary start. */
  long nanos();

  /**
   * Return after {@code duration}, or at once when it is not positive.
   *
   * @throws InterruptedException when another thread asks this one to stop
   */
  void sleep(Duration duration) throws InterruptedException;
}
