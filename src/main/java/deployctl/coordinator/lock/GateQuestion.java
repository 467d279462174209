package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import deployctl.target.Target;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * May a deployment to this target start now?
 *
 * @param self the id of the deployment that asks, which is not in its own way; or null
 * @param allowed what the deployment may start in spite of
 * @param region where CloudFormation is asked, or null when that is not known
 */
record GateQuestion(
    Target target,
    @Nullable String self,
    GateAllowances allowed,
    @Nullable String region,
    Instant now) {
  /** Tell whether CloudFormation's answers are about this entry's stack, and not one elsewhere. */
  boolean here(Deployment entry) {
    return region == null || entry.region() == null || region.equals(entry.region());
  }

  /** Return the stack that an entry deploys to; the target's for an entry that names none. */
  String stackOf(Deployment entry) {
    String stack = entry.stackName();
    return stack == null ? target.stackName() : stack;
  }
}
