package deployctl.monitor.watch;

import deployctl.monitor.checkpoint.StallState;
import deployctl.operation.ResourceRun;
import deployctl.operation.SlowResources;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides when silence is a stall: told once, again whenever it has doubled, and once when it moves
 * again.
 *
 * <p>Silence is measured on the monitor's own clock from the moment that it saw the last event, and
 * on CloudFormation's from the event's own time; the smaller counts, so that a clock that stepped
 * cannot make a stall.
 */
final class StallDetector {
  private final Duration threshold;
  private Duration next;
  private boolean stalled;
  private int stalls;
  private int told;

  StallDetector(Duration threshold) {
    this.threshold = threshold;
    this.next = threshold;
  }

  /** Return what a later monitor must know. */
  StallState state() {
    return new StallState(stalled, stalls, told, next);
  }

  /** Go on where an earlier monitor was. */
  void resume(StallState kept) {
    stalled = kept.stalled();
    stalls = kept.stalls();
    told = kept.told();
    next = kept.next();
  }

  /** Hear that something happened; returns what to say when it had stalled. */
  Optional<Alert> moved() {
    next = threshold;
    if (!stalled) {
      return Optional.empty();
    }
    stalled = false;
    return Optional.of(
        Alert.of(Alert.AlertKind.MOVING_AGAIN, "moving-" + stalls, "The stack moves again"));
  }

  /**
   * Look at a silence.
   *
   * @param silence for how long nothing has happened
   * @param running what is in progress
   */
  Optional<Alert> silent(Duration silence, List<ResourceRun> running, Instant now) {
    if (silence.compareTo(next) < 0) {
      return Optional.empty();
    }
    if (SlowResources.allWithinBounds(running, now)) {
      return Optional.empty();
    }
    if (!stalled) {
      stalls++;
    }
    stalled = true;
    told++;
    next = silence.multipliedBy(2);
    return Optional.of(
        Alert.of(
            Alert.AlertKind.STALLED,
            "stalled-" + told,
            "No event for " + Durations.humane(silence) + waiting(running, now)));
  }

  private static String waiting(List<ResourceRun> running, Instant now) {
    if (running.isEmpty()) {
      return "; nothing is in progress";
    }
    StringBuilder text = new StringBuilder("; in progress: ");
    for (int i = 0; i < Math.min(3, running.size()); i++) {
      ResourceRun run = running.get(i);
      text.append(i == 0 ? "" : ", ")
          .append(run.logicalId())
          .append(" (")
          .append(run.type())
          .append(") for ")
          .append(Durations.humane(run.elapsed(now)));
    }
    return text + (running.size() > 3 ? " and " + (running.size() - 3) + " more" : "");
  }
}
