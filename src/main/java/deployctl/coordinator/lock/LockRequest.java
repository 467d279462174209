package deployctl.coordinator.lock;

import deployctl.target.Target;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that asks for the place.
 *
 * @param command the command that asks, for the journal
 * @param workflowRunId the workflow run behind it, or null
 * @param lease how long the place is kept without a word from the owner
 * @param commit what is deployed, or null
 * @param allowCleanup whether a stack that needs cleaning up is no obstacle
 * @param held whether a process stays to renew the lease; it is then recorded as the owner
 * @param attempt the try that this is part of
 */
public record LockRequest(
    String command,
    String correlationId,
    @Nullable String workflowRunId,
    Target target,
    Duration lease,
    @Nullable String commit,
    boolean allowCleanup,
    boolean held,
    LockAttempt attempt) {
  /**
   * One try of one process to get the place.
   *
   * @param nonce marks what this try wrote, so that it gives back nothing else
   * @param over tells whether the process is ending, so that it must not get anything any more
   */
  public record LockAttempt(String nonce, BooleanSupplier over) {
    /** Return a try that nothing ends. */
    public static LockAttempt of(RandomGenerator random) {
      return new LockAttempt(Long.toHexString(random.nextLong()), () -> false);
    }
  }
}
