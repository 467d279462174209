package deployctl.coordinator.lock;

import java.time.Duration;

/**
 * Under which terms a lock is asked for.
 *
 * @param lease how long the lock is kept without a word from the owner
 * @param allowed what the deployment may start in spite of
 * @param owner who keeps it
 */
public record LockTerms(Duration lease, GateAllowances allowed, LockOwner owner) {
  /** Who keeps a lock. */
  public enum LockOwner {
    /** Nobody: the process that asks ends at once. */
    NOBODY,
    /** A process that stays to renew the lease. */
    PROCESS,
    /** A process that stays, and runs the command that deploys. */
    RUN
  }

  /**
   * Return the terms of a process that stays while its command deploys.
   *
   * @param allowCleanup whether its command cleans up whatever there is
   * @param newStack whether it may make a stack that is known elsewhere
   */
  public static LockTerms ofRun(boolean allowCleanup, boolean newStack) {
    return new LockTerms(
        DeploymentFactory.SHORT_LEASE,
        new GateAllowances(
            allowCleanup ? AllowedCleanup.ANY : AllowedCleanup.ROLLED_BACK_CREATION, newStack),
        LockOwner.RUN);
  }
}
