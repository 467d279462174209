package deployctl.aws.client;

import deployctl.support.tape.Tape;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach AWS; one place for all services.
 *
 * @param region null to let the SDK's own chain decide (profile, instance metadata)
 * @param profile null to let the SDK's own chain decide
 * @param endpoint an address that replaces those of all services, or null
 * @param keys the access key of the environment, which spares the SDK's search through files and
 *     metadata; null to let the SDK search
 * @param callTimeout how long one request may take
 * @param deadline how long a call may take with all its retries
 * @param service which service, for the tape
 * @param tape keeps the answers or gives kept ones; null for neither
 */
public record AwsSettings(
    @Nullable String region,
    @Nullable String profile,
    @Nullable URI endpoint,
    @Nullable AwsKeys keys,
    Duration callTimeout,
    Duration deadline,
    String service,
    @Nullable Tape tape) {
  /** Make settings without a tape. */
  public AwsSettings(
      @Nullable String region,
      @Nullable String profile,
      @Nullable URI endpoint,
      @Nullable AwsKeys keys,
      Duration callTimeout,
      Duration deadline) {
    this(region, profile, endpoint, keys, callTimeout, deadline, "aws", null);
  }
}
