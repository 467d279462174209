package deployctl.cli;

import deployctl.support.Failure;

/** What the program's exit status says. The numbers are the interface that workflows test. */
public enum ExitCode {
  /** Yes, done, healthy. */
  OK(0, "yes, done, healthy"),
  /** The answer is no, the deployment failed, or the operation failed. */
  NO(1, "no; the deployment failed; the operation failed"),
  /** Another deployment is active. */
  ACTIVE(2, "another deployment is active"),
  /** Waiting came to its end. */
  TIMED_OUT(3, "timed out"),
  /** A diagnosis found problems. */
  PROBLEMS(4, "the diagnosis found problems"),
  /** The truth could not be found out; never to be read as "yes". */
  UNKNOWN(5, "could not tell: AWS or Slack unreachable, denied or throttled away"),
  /** The command line or the configuration is wrong (EX_USAGE of sysexits.h). */
  USAGE(64, "wrong usage or configuration"),
  /** Ended by SIGINT. */
  INTERRUPTED(130, "interrupted (Ctrl-C)"),
  /** Ended by SIGTERM. */
  TERMINATED(143, "told to end (SIGTERM)");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** Return the number that the process exits with. */
  public int code() {
    return code;
  }

  /** Return what the number says, for help and documentation. */
  public String meaning() {
    return meaning;
  }

  /** Return the exit code for a failure that ends the program. */
  public static ExitCode of(Failure.FailureKind kind) {
    return switch (kind) {
      case USAGE -> USAGE;
      case FAILED -> NO;
      case BUSY -> ACTIVE;
      case TIMED_OUT -> TIMED_OUT;
      case UNKNOWN -> UNKNOWN;
    };
  }
}
