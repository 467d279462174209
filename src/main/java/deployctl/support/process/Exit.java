package deployctl.support.process;

/** Ends the process. */
public final class Exit {
  private Exit() {}

  /**
   * End the process with an exit code; does not return.
   *
   * <p>Everything was written by now. {@link System#exit} would look for a logger to tell of the
   * exit, through every jar, which takes longer than a short command. It is used all the same once
   * an action waits for the end: where a signal has begun it, that action must not be cut short.
   */
  public static void with(int code) {
    if (Shutdown.used()) {
      System.exit(code);
    } else {
      Runtime.getRuntime().halt(code);
    }
  }
}
