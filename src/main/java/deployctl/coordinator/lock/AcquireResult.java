package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import java.util.List;

/** What came of asking for the place. */
public sealed interface AcquireResult {
  /**
   * The place is the asker's.
   *
   * @param entry the registry's entry
   * @param repeated whether it was so before
   * @param takenOver entries of owners that were not heard of any more, whose place this is now
   * @param skipped tickets before this one whose owners were gone, and which were removed
   */
  record Admitted(
      Deployment entry, boolean repeated, List<Deployment> takenOver, List<Deployment> skipped)
      implements AcquireResult {}

  /**
   * The turn did not come in time.
   *
   * @param verdict what was in the way at the end
   */
  record TimedOut(GateDecision verdict) implements AcquireResult {}

  /** The place is not to be had. */
  record Refused(GateDecision verdict) implements AcquireResult {}
}
