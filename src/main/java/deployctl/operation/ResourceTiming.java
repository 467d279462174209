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
  /** Return the second, from the operation's beginning, at which others could go on. */
  public double released() {
    return start + (configured == null ? seconds : configured);
  }

  /** Return the second, from the operation's beginning, at which it was done. */
  public double end() {
    return start + seconds;
  }
}
