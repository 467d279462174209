package deployctl.estimator;

import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateUnavailable;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a deployment usually takes: the average that {@code deployment-history.json} holds, else
 * 25 minutes, which is what the deployments of this kind of stack took where the tool was made.
 */
public final class TypicalDuration {
  private static final double MINUTES = 25;

  private final StateDocument history;
  private final Learned learned;

  /** What was learned from a stack's own deployments. */
  @FunctionalInterface
  public interface Learned {
    /**
     * Return what is left after {@code elapsed}, or null where nothing was learned of the stack.
     */
    @Nullable Duration left(@Nullable String stack, Duration elapsed);
  }

  /**
   * Make an estimate that reads {@code history} at each question.
   *
   * @param learned is asked first; the history's average stands in where it knows nothing
   */
  public TypicalDuration(StateDocument history, Learned learned) {
    this.history = history;
    this.learned = learned;
  }

  /**
   * Return how many minutes are left of a deployment, to one decimal.
   *
   * @return null when it has already taken longer than usual, so that nothing honest can be said
   */
  public @Nullable Double remainingMinutes(@Nullable String stack, Instant startedAt, Instant now) {
    Duration elapsed = Duration.between(startedAt, now);
    Duration known = elapsed.isNegative() ? null : learned.left(stack, elapsed);
    if (known != null) {
      return Math.max(0.1, Math.round(known.toMillis() / 6_000.0) / 10.0);
    }
    // What began in the future has not begun, or a clock is wrong: no time is added for that.
    double left = usualMinutes() - Math.max(0, elapsed.toMillis()) / 60_000.0;
    return left < 0.1 ? null : Math.round(left * 10) / 10.0;
  }

  /**
   * Return the minutes that a deployment has taken so far, to one decimal; zero for a start in the
   * future.
   */
  public static double elapsedMinutes(Instant startedAt, Instant now) {
    return Math.max(0, Timestamps.minutesBetween(startedAt, now));
  }

  private double usualMinutes() {
    try {
      Optional<StateObject> file = history.read();
      if (file.isPresent()
          && Json.parseObject(file.get().content()).get("average_deployment_minutes")
              instanceof Number average
          && average.doubleValue() > 0) {
        return average.doubleValue();
      }
    } catch (StateUnavailable | JsonException e) {
      return MINUTES;
    }
    return MINUTES;
  }
}
