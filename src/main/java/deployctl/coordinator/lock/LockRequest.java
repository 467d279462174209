package deployctl.coordinator.lock;

import deployctl.target.Target;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that asks for the lock.
 *
 * @param command the command that asks, for the journal
 * @param workflowRunId the workflow run behind it, or null
 * @param commit what is deployed, or null
 * @param attempt the try that this is part of
 */
public record LockRequest(
    String command,
    String correlationId,
    @Nullable String workflowRunId,
    Target target,
    @Nullable String commit,
    LockTerms terms,
    LockAttempt attempt) {
  /** Return the same, of another commit; null leaves it as it is. */
  public LockRequest ofCommit(@Nullable String other) {
    return other == null
        ? this
        : new LockRequest(command, correlationId, workflowRunId, target, other, terms, attempt);
  }

  /** Return the question that this request puts to the gate. */
  GateQuestion question(@Nullable String region, Instant now) {
    return new GateQuestion(target, correlationId, terms.allowed(), region, now);
  }

  /**
   * One try of one process to get the lock.
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
