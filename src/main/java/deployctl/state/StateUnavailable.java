package deployctl.state;

import deployctl.support.Failure;

/** What is kept cannot be used as it is, or not now; nothing was changed. */
public final class StateUnavailable extends Failure {
  private static final long serialVersionUID = 1;

  /** Why it cannot be used. */
  public enum Reason {
    /** It is there but is not what it should be. */
    CORRUPT,
    /** It can be read, and has another shape than it should. */
    WRONG_SHAPE,
    /** A newer version of the program wrote it. */
    NEWER_SCHEMA,
    /** It cannot be read. */
    NOT_READABLE,
    /** It cannot be written. */
    NOT_WRITABLE,
    /** Another process has held its lock for too long. */
    LOCKED;

    /** Tell whether the content is what is wrong: then rebuilding helps, and waiting does not. */
    public boolean damaged() {
      return this == CORRUPT || this == WRONG_SHAPE;
    }
  }

  private final Reason reason;

  /** Make a failure; {@code what} names the place. */
  public StateUnavailable(Reason reason, String what, String nextStep) {
    super(FailureKind.FAILED, what, nextStep);
    this.reason = reason;
  }

  /** Make a failure that another exception explains. */
  public StateUnavailable(Reason reason, String what, String nextStep, Throwable cause) {
    super(FailureKind.FAILED, what, nextStep, cause);
    this.reason = reason;
  }

  /** Return why it cannot be used. */
  public Reason reason() {
    return reason;
  }
}
