package deployctl.support.logging;

/**
 * Diagnostic logging of the libraries, on stderr.
 *
 * <p>Configured in code: reading a configuration file would cost more than a short command takes.
 * Without {@code -v} no logging library is loaded at all.
 */
public final class Logging {
  private Logging() {}

  /** Switch logging off for this process; to be called before the first logger is made. */
  public static void off() {
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "ERROR");
  }

  /** Switch logging on for this process; to be called before the first logger is made. */
  public static void toStderr() {
    System.setProperty("slf4j.provider", "ch.qos.logback.classic.spi.LogbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    LogbackOnStderr.start();
  }
}
