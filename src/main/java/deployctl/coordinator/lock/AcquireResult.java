package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.Stack;
import deployctl.registry.Deployment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of asking for the lock. */
public sealed interface AcquireResult {
  /**
   * The lock is the asker's.
   *
   * @param entry the registry's entry
   * @param repeated whether it was so before
   * @param takenOver entries of owners that were not heard of any more, whose lock this has now
   * @param stack the stack as CloudFormation showed it, or null when there is none or it was not
   *     asked
   * @param skipped tickets before this one whose owners were gone, and which were removed
   */
  record Acquired(
      Deployment entry,
      boolean repeated,
      List<Deployment> takenOver,
      @Nullable Stack stack,
      List<Deployment> skipped)
      implements AcquireResult {}

  /**
   * The turn did not come in time.
   *
   * @param decision what was in the way at the end
   */
  record TimedOut(GateDecision decision) implements AcquireResult {}

  /** The lock is not to be had. */
  record Refused(GateDecision decision) implements AcquireResult {}
}
