package deployctl.support;

/**
 * Something that a command was asked to do could not be done, said so that an operator can act on
 * it.
 *
 * <p>The message is one sentence without a full stop; {@link #nextStep()} is what to do about it.
 * Where a failure ends the program, its {@link FailureKind} decides the exit code.
 */
public class Failure extends RuntimeException {
  /** What a failure means to whoever called the program. */
  public enum FailureKind {
    /** The command line or the configuration is wrong. */
    USAGE,
    /** The operation was tried and failed, or the answer is no. */
    FAILED,
    /** Another deployment is in the way. */
    BUSY,
    /** Waiting came to its end. */
    TIMED_OUT,
    /** The truth could not be found out. */
    UNKNOWN
  }

  private static final long serialVersionUID = 1;

  private final FailureKind kind;
  private final String nextStep;

  /**
   * Make a failure.
   *
   * @param kind what it means to the caller
   * @param what what failed and why, one line
   * @param nextStep what to do next, one line; empty when there is nothing to add
   */
  public Failure(FailureKind kind, String what, String nextStep) {
    super(what);
    this.kind = kind;
    this.nextStep = nextStep;
  }

  /** Make a failure that another exception explains; the cause is shown only on request. */
  public Failure(FailureKind kind, String what, String nextStep, Throwable cause) {
    this(kind, what, nextStep);
    initCause(cause);
  }

  /** Make a failure for a wrong argument or setting. */
  public static Failure usage(String what, String nextStep) {
    return new Failure(FailureKind.USAGE, what, nextStep);
  }

  /** Return what this failure means to the caller. */
  public FailureKind kind() {
    return kind;
  }

  /** Return what failed and why, as one line without a full stop. */
  public String what() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** Return what failed and what to do next, for a place that has room for one text. */
  public String whatAndNext() {
    return nextStep.isEmpty() ? what() : what() + ". " + nextStep;
  }

  /** Return what to do next; empty when there is nothing to add. */
  public String nextStep() {
    return nextStep;
  }
}
