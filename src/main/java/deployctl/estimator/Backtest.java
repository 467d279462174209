package deployctl.estimator;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.estimator.history.DurationPriors;
import deployctl.estimator.history.History;
import deployctl.estimator.history.HistoryEntry;
import deployctl.estimator.history.RunningStats;
import deployctl.operation.Events;
import deployctl.operation.ExpectedChanges;
import deployctl.operation.ObservedOperation;
import deployctl.operation.ResourceTiming;
import deployctl.operation.StackOperation;
import deployctl.operation.StackOperation.OperationKind;
import deployctl.support.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Replays a stack's past in the order of time: how wrong each deployment would have been estimated
 * from those before it, beside two plain methods.
 */
public final class Backtest {
  private static final double[] PROGRESS = {0, 0.25, 0.5, 0.75};
  private static final double HALF_A_SECOND = 0.5;

  /**
   * How wrong the estimates at one point were.
   *
   * @param progress share of the deployment's time that had passed
   * @param asked how many deployments were estimated there
   * @param error median of the error of the time left, as a share of the whole deployment
   * @param coverage how often the truth was within the interval of 80 %
   * @param width median width of the interval, in minutes
   * @param errorOfMean the same error for the mean of the last three
   * @param errorOfSum the same error for the sum of the averages of what is pending
   */
  public record BacktestRow(
      double progress,
      int asked,
      double error,
      double coverage,
      double width,
      double errorOfMean,
      double errorOfSum) {
    JsonObject toJson() {
      return new JsonObject()
          .put("progress", progress)
          .put("asked", asked)
          .put("median_error", rounded(error))
          .put("coverage", rounded(coverage))
          .put("median_width_minutes", rounded(width))
          .put("median_error_mean_of_three", rounded(errorOfMean))
          .put("median_error_sum_of_averages", rounded(errorOfSum));
    }

    private static double rounded(double value) {
      return Math.round(value * 1_000) / 1_000.0;
    }
  }

  private Backtest() {}

  /** Replay a stack's past; empty when fewer than two of its deployments can be replayed. */
  public static List<BacktestRow> of(History history, String stack) {
    List<HistoryEntry> all =
        history.training(stack).stream().filter(entry -> !entry.timings().isEmpty()).toList();
    List<BacktestRow> rows = new ArrayList<>();
    for (double progress : PROGRESS) {
      BacktestRow row = row(all, stack, progress);
      if (row != null) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static @org.jspecify.annotations.Nullable BacktestRow row(
      List<HistoryEntry> all, String stack, double progress) {
    List<Double> errors = new ArrayList<>();
    List<Double> mean = new ArrayList<>();
    List<Double> sum = new ArrayList<>();
    List<Double> widths = new ArrayList<>();
    int held = 0;
    for (int i = 1; i < all.size(); i++) {
      HistoryEntry entry = all.get(i);
      // Only what was known then: nothing of the deployment itself, nothing of later ones.
      List<HistoryEntry> earlier = all.subList(0, i);
      History before = History.of(earlier);
      double total = entry.seconds();
      double now = total * progress;
      double truth = total - now;
      Estimate estimate = estimate(before, entry, stack, now);
      double low = estimate.interval().low().toMillis() / 1_000.0;
      double high = estimate.interval().high().toMillis() / 1_000.0;
      held += truth >= low - HALF_A_SECOND && truth <= high + HALF_A_SECOND ? 1 : 0;
      errors.add(Math.abs(estimate.left().toMillis() / 1_000.0 - truth) / total);
      widths.add((high - low) / 60);
      mean.add(Math.abs(Math.max(0, meanOfThree(earlier) - now) - truth) / total);
      sum.add(Math.abs(sumOfPending(before, entry, now) - truth) / total);
    }
    return errors.isEmpty()
        ? null
        : new BacktestRow(
            progress,
            errors.size(),
            median(errors),
            (double) held / errors.size(),
            median(widths),
            median(mean),
            median(sum));
  }

  private static Estimate estimate(History before, HistoryEntry entry, String stack, double now) {
    OperationKind kind = entry.kind();
    Instant start = entry.startedAt();
    StackOperation operation = null;
    if (now > 0) {
      operation = new StackOperation(stack);
      for (StackEvent event : events(entry, stack, start, now)) {
        operation.apply(event);
      }
    }
    return new Estimator(before)
        .estimate(
            new ObservedOperation(
                stack,
                stack,
                kind,
                operation,
                ExpectedChanges.NONE,
                start.plusMillis(Math.round(now * 1_000))),
            Estimator.USUAL_LEVEL);
  }

  /** Make the events that the deployment had up to a second of it. */
  private static List<StackEvent> events(
      HistoryEntry entry, String stack, Instant start, double until) {
    String kind = entry.kind().name();
    List<StackEvent> events = new ArrayList<>();
    events.add(event(stack, stack, Events.STACK_TYPE, kind + "_IN_PROGRESS", start));
    for (ResourceTiming timing : entry.timings()) {
      if (timing.start() <= until) {
        events.add(
            event(
                stack,
                timing.logicalId(),
                timing.type(),
                timing.action() + "_IN_PROGRESS",
                at(start, timing.start())));
      }
      if (timing.end() <= until) {
        events.add(
            event(
                stack,
                timing.logicalId(),
                timing.type(),
                timing.action() + "_COMPLETE",
                at(start, timing.end())));
      }
    }
    events.sort(Comparator.comparing(StackEvent::timestamp));
    return events;
  }

  private static StackEvent event(String stack, String id, String type, String status, Instant at) {
    String physical = id.equals(stack) ? stack : id;
    return new StackEvent(
        id + status + at, stack, stack, at, id, physical, type, status, null, null, null);
  }

  private static Instant at(Instant start, double seconds) {
    return start.plus(Duration.ofMillis(Math.round(seconds * 1_000)));
  }

  private static double meanOfThree(List<HistoryEntry> earlier) {
    return earlier.subList(Math.max(0, earlier.size() - 3), earlier.size()).stream()
        .mapToDouble(HistoryEntry::seconds)
        .average()
        .orElse(0);
  }

  private static double sumOfPending(History before, HistoryEntry entry, double now) {
    double sum = 0;
    for (ResourceTiming timing : entry.timings()) {
      if (timing.end() > now) {
        RunningStats stats = before.ofAccount(timing.type(), timing.action());
        sum +=
            stats.count() == 0
                ? DurationPriors.of(timing.type(), timing.action()).median()
                : Math.exp(stats.mean());
      }
    }
    return sum;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
