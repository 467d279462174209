package deployctl.operation;

import org.jspecify.annotations.Nullable;

/**
 * How long one thing was done to a resource in an operation that is over.
 *
 * @param action {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code IMPORT}
 * @param start seconds from the beginning of the operation
 * @param configured seconds from {@code start} until its configuration was complete, or null
 * @param seconds how long it took
 */
public record ResourceTiming(
    String logicalId,
    String type,
    String action,
    double start,
    @Nullable Double configured,
    double seconds) {
  /** Times are kept to a tenth of a second, and events come a moment apart. */
  public static final double CLOSE = 0.5;

  /** Return the second, from the operation's beginning, at which others could go on. */
  public double released() {
    return start + (configured == null ? seconds : configured);
  }

  /**
   * Return from which second on it cannot have kept something waiting that began at {@code second}:
   * its end, or its configuration where it went on after that; negative when it was not that far.
   */
  public double freed(double second) {
    if (end() <= second + CLOSE) {
      return end();
    }
    return released() <= second + CLOSE ? released() : -1;
  }

  /** Return the second, from the operation's beginning, at which it was done. */
  public double end() {
    return start + seconds;
  }
}
