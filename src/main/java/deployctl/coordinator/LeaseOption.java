package deployctl.coordinator;

import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.time.Durations;
import java.time.Duration;

/** Reads leases as options give them. */
final class LeaseOption {
  /** What is shorter is over before anyone can renew it. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private LeaseOption() {}

  /**
   * Return the lease that an option names; a bare number counts seconds.
   *
   * @throws Failure of kind USAGE when it is no duration, under a second or over a week
   */
  static Duration parse(String text) {
    Duration lease = Durations.parse("--lease", text, Duration.ofSeconds(1));
    if (lease.compareTo(SHORTEST) < 0) {
      throw Failure.usage("A lease of '" + text + "' is over at once", "Give at least 1s");
    }
    if (lease.compareTo(Deployment.LONGEST_LEASE) > 0) {
      throw Failure.usage(
          "A lease of '" + text + "' is longer than any is believed",
          "Give at most " + Deployment.LONGEST_LEASE.toDays() + "d");
    }
    return lease;
  }
}
