package deployctl.support.logging;

/**
 * Diagnostic logging of the libraries, on stderr.
 *
 * <p>Configured in code: reading a configuration file would cost more than a short command takes.
 * Without {@code -v} no logging library is loaded at all.
 */
public final class Logging {
  private static boolean started;

  private Logging() {}

  /** Switch logging off for this process; to be called before the first logger is made. */
  public static synchronized void off() {
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "ERROR");
  }

  /**
   * Switch logging on for this process; to be called before the first logger is made. Who comes
   * while another does it waits: SLF4J hands out stand-ins meanwhile.
   */
  public static synchronized void toStderr() {
    if (started) {
      return;
    }
    started = true;
    System.setProperty("slf4j.provider", "ch.qos.logback.classic.spi.LogbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    LogbackOnStderr.start();
  }
}
