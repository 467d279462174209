package deployctl.registry;

import deployctl.support.Failure;

/** The registry cannot be used as it is, or not now; nothing was changed. */
public final class RegistryUnavailable extends Failure {
  private static final long serialVersionUID = 1;

  /** Why it cannot be used. */
  public enum Reason {
    /** It is there but is not what a registry looks like. */
    CORRUPT,
    /** A newer version of the program wrote it. */
    NEWER_SCHEMA,
    /** It cannot be read. */
    NOT_READABLE,
    /** It cannot be written. */
    NOT_WRITABLE,
    /** Another process has held its lock for too long. */
    LOCKED
  }

  private final Reason reason;

  /** Make a failure; {@code what} names the place. */
  public RegistryUnavailable(Reason reason, String what, String nextStep) {
    super(FailureKind.FAILED, what, nextStep);
    this.reason = reason;
  }

  /** Make a failure that another exception explains. */
  public RegistryUnavailable(Reason reason, String what, String nextStep, Throwable cause) {
    super(FailureKind.FAILED, what, nextStep, cause);
    this.reason = reason;
  }

  /** Return why the registry cannot be used. */
  public Reason reason() {
    return reason;
  }
}
