package deployctl.monitor.watch;

import deployctl.aws.client.AwsFailure;
import deployctl.support.time.Backoff;
import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Sits out an outage of AWS: says once that it is away and once that it is back. */
final class MonitorPatience {
  private final Duration longest;
  private final Backoff backoff;
  private final Time time;
  private final RandomGenerator random;
  private @Nullable Deadline end;
  private int failures;
  private long outage;

  MonitorPatience(MonitorSettings settings, Time time, RandomGenerator random) {
    this.longest = settings.awsPatience();
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
    if (end == null) {
      return Optional.empty();
    }
    end = null;
    return Optional.of(
        Alert.of(Alert.AlertKind.AWS_BACK, "aws-back-" + outage, "AWS answers again"));
  }

  /** Hear that it has not; returns what to say, which is nothing after the first time. */
  Optional<Alert> failed(AwsFailure failure) {
    failures++;
    if (end != null) {
      return Optional.empty();
    }
    // Told once each, also by a monitor that goes on after another.
    outage = time.now().getEpochSecond();
    end = Deadline.in(longest, time);
    return Optional.of(
        Alert.of(Alert.AlertKind.AWS_AWAY, "aws-away-" + outage, failure.what() + "; trying on"));
  }

  /** Tell whether to go on after a failure. */
  boolean goesOn(AwsFailure failure) {
    Deadline until = end;
    return failure.problem().passing() && (until == null || !until.passed());
  }

  /** Return how long to wait before AWS is asked again. */
  Duration pause() {
    return backoff.delay(failures, random);
  }
}
