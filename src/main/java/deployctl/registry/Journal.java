package deployctl.registry;

/**
 * Remembers what commands changed, for the report of an escalation and for whoever asks what
 * happened.
 */
@FunctionalInterface
public interface Journal {
  /**
   * Add a line. Never fails: a full disk must not stop the command that is being remembered.
   *
   * @param command the command's words, for instance {@code coordinator release}
   * @param what what it was applied to
   * @param result what came of it
   */
  void record(String command, String what, String result);
}
