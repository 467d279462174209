package deployctl.estimator.model;

/**
 * Quantiles of Student's t distribution: what is to be expected of the next value when mean and
 * spread are known from few.
 */
public final class StudentT {
  /** Quantiles are kept at the middle of so many equal shares. */
  static final int SHARES = 400;

  static final int MOST_FREEDOM = 60;
  private static final double[][] TABLES = new double[MOST_FREEDOM + 1][];

  private StudentT() {}

  /**
   * Return the quantiles at (i + 0.5) / {@link #SHARES}, rising.
   *
   * @param freedom degrees of freedom, cut to 1 to {@link #MOST_FREEDOM}
   */
  static synchronized double[] quantiles(double freedom) {
    int whole = (int) Math.max(1, Math.min(MOST_FREEDOM, Math.round(freedom)));
    double[] table = TABLES[whole];
    if (table == null) {
      table = new double[SHARES];
      for (int i = SHARES / 2; i < SHARES; i++) {
        double value = quantile((i + 0.5) / SHARES, whole);
        table[i] = value;
        table[SHARES - 1 - i] = -value;
      }
      TABLES[whole] = table;
    }
    return table;
  }

  /**
   * Return the quantile at {@code p} of 0.5 to 1.
   *
   * <p>G. W. Hill, "Algorithm 396: Student's t-Quantiles", Communications of the ACM 13, 1970.
   */
  public static double quantile(double p, int freedom) {
    double tails = 2 * (1 - p);
    if (freedom == 1) {
      return 1 / Math.tan(tails * Math.PI / 2);
    }
    if (freedom == 2) {
      return Math.sqrt(2 / (tails * (2 - tails)) - 2);
    }
    double n = freedom;
    double a = 1 / (n - 0.5);
    double b = 48 / (a * a);
    double c = ((20_700 * a / b - 98) * a - 16) * a + 96.36;
    double d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt(a * Math.PI / 2) * n;
    double y = Math.pow(d * tails, 2 / n);
    if (y > a + 0.05) {
      double x = normal(tails * 0.5);
      y = x * x;
      if (freedom < 5) {
        c += 0.3 * (n - 4.5) * (x + 0.6);
      }
      c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
      y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
      y = Math.expm1(a * y * y);
    } else {
      y =
          ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1)
                  * (n + 1)
                  / (n + 2)
              + 1 / y;
    }
    return Math.sqrt(n * y);
  }

  /** The normal distribution's quantile below 0.5: Abramowitz and Stegun, 26.2.23. */
  private static double normal(double p) {
    double t = Math.sqrt(-2 * Math.log(p));
    return -(t
        - (2.515517 + t * (0.802853 + t * 0.010328))
            / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  }
}
