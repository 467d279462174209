package deployctl.run;

import deployctl.registry.Deployment;
import deployctl.target.Target;
import java.time.Instant;

/**
 * A deployment that has the lock and runs.
 *
 * @param entry the registry's entry at its beginning
 * @param begun when it got the lock
 */
record RunningDeployment(Target target, Deployment entry, RunOptions options, Instant begun) {
  /** Return the deployment's id. */
  String id() {
    return entry.correlationId();
  }
}
