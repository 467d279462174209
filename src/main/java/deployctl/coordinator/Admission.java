package deployctl.coordinator;

import deployctl.registry.Deployment;
import java.util.List;

/** What came of asking for the place. */
public sealed interface Admission {
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
      implements Admission {}

  /**
   * The turn did not come in time.
   *
   * @param verdict what was in the way at the end
   */
  record TimedOut(Verdict verdict) implements Admission {}

  /** The place is not to be had. */
  record Refused(Verdict verdict) implements Admission {}
}
