package deployctl.monitor.watch;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.OutageTolerance;
import deployctl.monitor.checkpoint.MonitorSettings;
import deployctl.support.time.Backoff;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What a monitor says of an outage of AWS: once that it is away, and once that it is back. */
final class OutageAlerts {
  private final OutageTolerance tolerance;
  private final Backoff backoff;
  private final Time time;
  private final RandomGenerator random;
  private int failures;
  private long outage;

  OutageAlerts(MonitorSettings settings, Time time, RandomGenerator random) {
    this.tolerance = OutageTolerance.of(settings.outageTolerance(), time);
    Duration interval = settings.checkInterval();
    Duration first =
        interval.compareTo(Duration.ofSeconds(5)) < 0 ? interval : Duration.ofSeconds(5);
    // Never asked less often than usual: the end of an outage is to be seen soon.
    this.backoff = new Backoff(first, interval.multipliedBy(2), first.dividedBy(5));
    this.time = time;
    this.random = random;
  }

  /** Hear that AWS has answered; returns what to say when it had been away. */
  Optional<Alert> answered() {
    failures = 0;
    return tolerance.answered()
        ? Optional.of(Alert.of(Alert.AlertKind.AWS_BACK, "aws-back-" + outage, "AWS answers again"))
        : Optional.empty();
  }

  /** Hear that it has not; returns what to say, which is nothing after the first time. */
  Optional<Alert> failed(AwsFailure failure) {
    failures++;
    if (!tolerance.failed()) {
      return Optional.empty();
    }
    // Told once each, also by a monitor that goes on after another.
    outage = time.now().getEpochSecond();
    return Optional.of(
        Alert.of(Alert.AlertKind.AWS_AWAY, "aws-away-" + outage, failure.what() + "; trying on"));
  }

  /** Tell whether to go on after a failure. */
  boolean goesOn(AwsFailure failure) {
    return tolerance.bears(failure);
  }

  /** Return how long to wait before AWS is asked again. */
  Duration pause() {
    return backoff.delay(failures, random);
  }
}
