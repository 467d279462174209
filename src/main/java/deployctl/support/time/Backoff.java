package deployctl.support.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after something failed: doubling, bounded, and spread by "full jitter", so that
 * many who failed together do not come back together.
 *
 * <p>Pure: the delay is computed here and slept elsewhere. Formula: M. Brooker, "Exponential
 * Backoff And Jitter", AWS Architecture Blog, 2015: a uniform choice between zero and the bound.
 *
 * @param first the bound after the first failure
 * @param longest the bound that later ones do not exceed
 * @param shortest what the choice never falls below, so that something can have changed meanwhile
 */
public record Backoff(Duration first, Duration longest, Duration shortest) {
  private static final int MOST_DOUBLINGS = 30;

  /** Return the upper bound of the delay after {@code failures} failures in a row, 1 or more. */
  public Duration bound(int failures) {
    int doublings = Math.min(Math.max(0, failures - 1), MOST_DOUBLINGS);
    double nanos = first.toNanos() * (double) (1L << doublings);
    return nanos >= longest.toNanos() ? longest : Duration.ofNanos((long) nanos);
  }

  /** Return a delay after {@code failures} failures in a row, 1 or more. */
  public Duration delay(int failures, RandomGenerator random) {
    long nanos = (long) (random.nextDouble() * bound(failures).toNanos());
    return Duration.ofNanos(Math.max(shortest.toNanos(), nanos));
  }
}
