package deployctl.monitor.checkpoint;

/** What a process is to a deployment that is watched; one process at a time has each role. */
public enum MonitorRole {
  /** Follows the deployment. */
  MONITOR("monitor"),
  /** Keeps the monitor alive. */
  RECOVERY("recovery");

  private final String word;

  MonitorRole(String word) {
    this.word = word;
  }

  /** Return the role as commands and file names have it. */
  public String word() {
    return word;
  }
}
