package deployctl.support.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Spreads waits, so that processes that started together do not ask together.
 *
 * <p>Pure: the delay is computed here and slept elsewhere.
 */
public final class Jitter {
  private Jitter() {}

  /**
   * Return {@code base} plus or minus up to the given share of it.
   *
   * @param share between 0 (no spread) and 1 (from zero to twice the base)
   */
  public static Duration around(Duration base, double share, RandomGenerator random) {
    double factor = 1 + share * (2 * random.nextDouble() - 1);
    return Duration.ofNanos(Math.max(0, Math.round(base.toNanos() * factor)));
  }
}
