package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.Stack;
import deployctl.registry.Deployment;
import deployctl.registry.HoldState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A deployment that holds the lock and has done nothing with it. */
public final class IdleDeployment {
  /** What is so about it, for the middle of a sentence. */
  public static final String SENTENCE = "CloudFormation has done nothing for it since";

  /** A deployment that builds before it deploys begins its operation in less. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private IdleDeployment() {}

  /**
   * Tell whether an entry has held the lock for over half an hour on the strength of its lease
   * alone, and CloudFormation has begun nothing since.
   *
   * @param stack its stack as CloudFormation shows it; null where there is none
   */
  public static boolean isIdle(Deployment entry, @Nullable Stack stack, Instant now) {
    Instant started = entry.startedAt() != null ? entry.startedAt() : entry.updatedAt();
    // A process that renews its lease is heard of.
    if (entry.hold(now) != HoldState.LEASED
        || entry.owner() != null
        || started == null
        || started.plus(PATIENCE).isAfter(now)) {
      return false;
    }
    Instant operation = stack == null ? null : stack.operationStartedAt();
    return stack == null
        || !stack.status().inProgress() && (operation == null || operation.isBefore(started));
  }
}
