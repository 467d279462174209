package deployctl.operation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operation has done to one resource so far.
 *
 * @param stackId the stack that the resource belongs to
 * @param stackName that stack's name
 * @param physicalId its name in AWS, or null while it has none
 * @param status the latest
 * @param reason AWS's words on the latest status, or null
 * @param times when it began, was configured and ended
 */
public record ResourceRun(
    String stackId,
    String stackName,
    String logicalId,
    @Nullable String physicalId,
    String type,
    String status,
    @Nullable String reason,
    RunTimes times) {

  /**
   * When something was done to a resource.
   *
   * @param startedAt when it began; null when its beginning was not seen
   * @param configuredAt when its configuration was complete and others could start, or null
   * @param endedAt when it was done or had failed; null while it is in progress
   */
  public record RunTimes(
      @Nullable Instant startedAt, @Nullable Instant configuredAt, @Nullable Instant endedAt) {}

  /** Return when what is being done to it began; null when its beginning was not seen. */
  public @Nullable Instant startedAt() {
    return times.startedAt();
  }

  /** Return when its configuration was complete and others could start, or null. */
  public @Nullable Instant configuredAt() {
    return times.configuredAt();
  }

  /** Return when it was done or had failed; null while it is in progress. */
  public @Nullable Instant endedAt() {
    return times.endedAt();
  }

  /** Tell whether something is being done to it. */
  public boolean inProgress() {
    return Events.inProgress(status);
  }

  /** Return how long it has taken up to {@code now}, or took; zero when its start was not seen. */
  public Duration elapsed(Instant now) {
    Instant start = startedAt();
    Instant end = endedAt();
    if (start == null) {
      return Duration.ZERO;
    }
    Duration length = Duration.between(start, end == null ? now : end);
    return length.isNegative() ? Duration.ZERO : length;
  }
}
