package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.Stack;
import deployctl.registry.RegistryDocument;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
 * @param seen what CloudFormation said of the target's stack a moment ago, or null when it was not
 *     asked
 */
public record LockRequest(
    String command,
    String correlationId,
    @Nullable String workflowRunId,
    Target target,
    @Nullable String commit,
    LockTerms terms,
    LockAttempt attempt,
    @Nullable SeenStack seen) {
  /** How long an answer is as good as a new one, where nobody holds the lock. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  /** Make a request of who has not asked CloudFormation yet. */
  public LockRequest(
      String command,
      String correlationId,
      @Nullable String workflowRunId,
      Target target,
      @Nullable String commit,
      LockTerms terms,
      LockAttempt attempt) {
    this(command, correlationId, workflowRunId, target, commit, terms, attempt, null);
  }

  /**
   * What CloudFormation said of a stack.
   *
   * @param stack empty where it knows none
   * @param at when it was asked
   */
  public record SeenStack(Optional<Stack> stack, Instant at) {}

  /** Return the same of who has asked CloudFormation. */
  public LockRequest having(SeenStack answer) {
    return new LockRequest(
        command, correlationId, workflowRunId, target, commit, terms, attempt, answer);
  }

  /**
   * Return what was seen of the stack, while that is as good as asking again: for a moment, and
   * only when nobody has come or gone since.
   */
  Optional<StackState> seenState(RegistryDocument registry, Instant now) {
    if (seen == null) {
      return Optional.empty();
    }
    Duration age = Duration.between(seen.at(), now);
    boolean fresh = !age.isNegative() && age.compareTo(FRESH) <= 0;
    // The registry's times are to the second.
    Instant since = seen.at().minusSeconds(1);
    boolean quiet =
        registry.deployments().stream()
            .filter(entry -> entry.concerns(target.environment(), target.stackName()))
            .allMatch(entry -> entry.updatedAt() != null && entry.updatedAt().isBefore(since));
    return fresh && quiet
        ? Optional.of(seen.stack().map(StackState::of).orElseGet(StackState.Absent::new))
        : Optional.empty();
  }

  /** Return the same, of another commit; null leaves it as it is. */
  public LockRequest ofCommit(@Nullable String other) {
    return other == null
        ? this
        : new LockRequest(
            command, correlationId, workflowRunId, target, other, terms, attempt, seen);
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
