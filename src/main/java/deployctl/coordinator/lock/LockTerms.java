package deployctl.coordinator.lock;

import java.time.Duration;

/**
 * Under which terms a lock is asked for.
 *
 * @param lease how long the lock is kept without a word from the owner
 * @param allowCleanup whether a stack that needs cleaning up is no obstacle
 * @param held whether a process stays to renew the lease; it is then recorded as the owner
 */
public record LockTerms(Duration lease, boolean allowCleanup, boolean held) {
  /** Return the terms of a process that stays while it deploys, and cleans up what it must. */
  public static LockTerms ofRun() {
    return new LockTerms(DeploymentFactory.SHORT_LEASE, true, true);
  }
}
