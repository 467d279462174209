package deployctl.estimator.history;

import deployctl.support.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of many durations: how many, and mean and spread of their logarithms.
 *
 * <p>Durations of work are skewed to the right, and their logarithms nearly normal; so a few
 * numbers stand for all. Merging: Chan, Golub and LeVeque, "Updating formulae and a pairwise
 * algorithm for computing sample variances", 1979.
 *
 * @param count how many
 * @param mean the mean of the natural logarithms of seconds
 * @param squares the sum of squared differences from that mean
 */
public record RunningStats(double count, double mean, double squares) {
  public static final RunningStats NONE = new RunningStats(0, 0, 0);

  /** What takes less counts as this: logarithms know no zero. */
  private static final double SHORTEST_SECONDS = 0.5;

  /** Return the stats of one duration. */
  public static RunningStats of(double seconds) {
    return new RunningStats(1, Math.log(Math.max(SHORTEST_SECONDS, seconds)), 0);
  }

  /** Return the stats of both. */
  public RunningStats plus(RunningStats other) {
    if (count == 0) {
      return other;
    }
    if (other.count == 0) {
      return this;
    }
    double all = count + other.count;
    double apart = other.mean - mean;
    return new RunningStats(
        all,
        mean + apart * other.count / all,
        squares + other.squares + apart * apart * count * other.count / all);
  }

  /** Return it as it is kept. */
  List<Double> toList() {
    return List.of(count, rounded(mean), rounded(squares));
  }

  /** Read it as it is kept; {@link #NONE} where it is something else. */
  public static RunningStats from(@Nullable Object kept) {
    if (kept instanceof List<?> list
        && list.size() == 3
        && list.get(0) instanceof Number count
        && list.get(1) instanceof Number mean
        && list.get(2) instanceof Number squares
        && count.doubleValue() > 0
        && squares.doubleValue() >= 0) {
      return new RunningStats(count.doubleValue(), mean.doubleValue(), squares.doubleValue());
    }
    return NONE;
  }

  /** Add one to what an object keeps under a name. */
  public static void addTo(JsonObject kept, String name, RunningStats more) {
    kept.put(name, from(kept.get(name)).plus(more).toList());
  }

  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
