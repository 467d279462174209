package deployctl.state;

/**
 * A name that one process at a time has, for as long as it lives or until it gives it up. A process
 * that dies gives it up; one that is merely stopped keeps it.
 */
@FunctionalInterface
public interface Claim extends AutoCloseable {
  /** Give it up. */
  @Override
  void close();
}
