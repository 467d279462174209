package deployctl.estimator.model;

/**
 * What the next duration may be: a Student's t distribution of its logarithm.
 *
 * @param center the middle, natural logarithm of seconds
 * @param scale the scale of the logarithm
 * @param freedom degrees of freedom: few where little was seen
 * @param seen how many durations of this very resource it rests on; 0 where it is derived
 */
public record PredictiveDistribution(double center, double scale, double freedom, double seen) {
  /** Beyond all that is thought possible, what is left is a share of what has passed. */
  private static final double BEYOND = 0.15;

  private static final double SHORTEST_LEFT = 15;

  /** Return the duration, in seconds, that a share {@code u} of all is below. */
  public double quantile(double u) {
    double[] table = StudentT.quantiles(freedom);
    double position = u * StudentT.SHARES - 0.5;
    int low = (int) Math.floor(Math.max(0, Math.min(StudentT.SHARES - 2.0, position)));
    double part = Math.max(0, Math.min(1, position - low));
    return seconds(table[low] + part * (table[low + 1] - table[low]));
  }

  /** Return the share of all durations that are below {@code seconds}. */
  public double below(double seconds) {
    if (seconds <= 0) {
      return 0;
    }
    double z = (Math.log(seconds) - center) / scale;
    double[] table = StudentT.quantiles(freedom);
    int at = java.util.Arrays.binarySearch(table, z);
    int next = at >= 0 ? at : -at - 1;
    if (next == 0) {
      return 0;
    }
    if (next == StudentT.SHARES) {
      return 1;
    }
    double part = (z - table[next - 1]) / (table[next] - table[next - 1]);
    return (next - 0.5 + part) / StudentT.SHARES;
  }

  /**
   * Return how much longer something takes, in seconds, that has taken {@code elapsed} already.
   *
   * @param below what {@link #below} says of {@code elapsed}
   * @param u chance, 0 to 1
   */
  public double left(double elapsed, double below, double u) {
    if (below >= 1) {
      double mean = Math.max(SHORTEST_LEFT, BEYOND * elapsed);
      return -mean * Math.log(1 - 0.98 * u);
    }
    return Math.max(0, quantile(below + (1 - below) * u) - elapsed);
  }

  private double seconds(double z) {
    // A t distribution with few degrees has no mean: its far end is no forecast.
    return Math.exp(center + scale * Math.max(-8, Math.min(8, z)));
  }
}
