package deployctl.support.process;

/** Runs something when the process is told to end (SIGTERM, SIGINT, SIGHUP). */
public final class Shutdown {
  /** An action that waits for the process to end; closing it calls the action off. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Registers actions; a test takes another. */
  @FunctionalInterface
  public interface Hooks {
    /**
     * Run {@code action} when the process is told to end, unless the registration is closed before.
     */
    Registration onEnd(Runnable action);
  }

  private static volatile boolean used;

  private Shutdown() {}

  /** Tell whether an action was ever registered in this process. */
  static boolean used() {
    return used;
  }

  /**
   * Return the hooks of this process. The JVM exits with 128 plus the signal's number after them.
   */
  public static Hooks hooks() {
    return action -> {
      used = true;
      Thread thread = new Thread(action, "shutdown");
      Runtime.getRuntime().addShutdownHook(thread);
      return () -> {
        try {
          Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
          // The end has begun: the action runs, and there is nothing left to call off.
          return;
        }
      };
    };
  }
}
