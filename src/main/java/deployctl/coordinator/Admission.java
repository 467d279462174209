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
   */
  record Admitted(Deployment entry, boolean repeated, List<Deployment> takenOver)
      implements Admission {}

  /** The place is not to be had. */
  record Refused(Verdict verdict) implements Admission {}
}
