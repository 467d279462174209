package deployctl.support.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import org.slf4j.LoggerFactory;

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
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{20} - %msg%n");
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger("ROOT").setLevel(Level.INFO);
    context.getLogger("ROOT").addAppender(appender);
    // Requests and retries, but not software.amazon.awssdk.request's wire log, which holds whole
    // bodies.
    context.getLogger("software.amazon.awssdk.retries").setLevel(Level.DEBUG);
    context.getLogger("software.amazon.awssdk.auth").setLevel(Level.DEBUG);
  }
}
