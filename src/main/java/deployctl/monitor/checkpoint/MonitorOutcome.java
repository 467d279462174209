package deployctl.monitor.checkpoint;

import deployctl.cli.ExitCode;

/** How watching ended. */
public enum MonitorOutcome {
  /** The deployment succeeded. */
  SUCCEEDED(ExitCode.OK),
  /** It failed, rolled back, or its stack was deleted under it. */
  FAILED(ExitCode.NO),
  /** AWS stayed out of reach, or refused for good. */
  UNKNOWN(ExitCode.UNKNOWN);

  private final ExitCode exitCode;

  MonitorOutcome(ExitCode exitCode) {
    this.exitCode = exitCode;
  }

  /** Return what the program exits with. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
