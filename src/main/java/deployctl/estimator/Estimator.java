package deployctl.estimator;

import deployctl.estimator.Estimate.Basis;
import deployctl.estimator.Estimate.Interval;
import deployctl.estimator.Estimate.SlowResource;
import deployctl.estimator.history.History;
import deployctl.estimator.history.HistoryEntry;
import deployctl.estimator.history.RunningStats;
import deployctl.estimator.model.DurationModel;
import deployctl.estimator.model.MonteCarlo;
import deployctl.estimator.model.MonteCarlo.Lags;
import deployctl.estimator.model.PredictiveDistribution;
import deployctl.estimator.model.WorkPlan;
import deployctl.estimator.model.WorkPlan.State;
import deployctl.estimator.model.WorkPlan.WorkStep;
import deployctl.estimator.model.WorkPlanner;
import deployctl.operation.ObservedOperation;
import deployctl.operation.ResourceTiming;
import deployctl.operation.StackOperation;
import deployctl.operation.StackOperation.OperationKind;
import deployctl.operation.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Says how long a deployment takes, from what the account's own deployments took.
 *
 * <p>What is left is the longest chain of what has yet to be done, played many times with durations
 * from their distributions; the answer is the middle of what came out, and an interval.
 */
public final class Estimator {
  /** What an interval holds unless asked otherwise. */
  public static final double USUAL_LEVEL = 0.8;

  /** Where nothing at all is known: the old script's figure. */
  private static final double UNKNOWN_SECONDS = 25 * 60;

  private static final Duration SHORTEST = Duration.ofSeconds(6);
  private static final double SLOW = 0.9;
  private static final Lags USUAL_LAGS = new Lags(1.5, 2, 1);

  private final History history;
  private final WorkPlanner plans;

  /** Make an estimator that rests on a history. */
  public Estimator(History history) {
    this.history = history;
    this.plans = new WorkPlanner(history);
  }

  /** Estimate an operation that runs, or one that is to begin now. */
  public Estimate estimate(ObservedOperation subject, double level) {
    List<WorkPlan> work = plans.plans(subject);
    Duration elapsed = elapsed(subject.operation(), subject.now());
    if (work.isEmpty()) {
      return byTotals(subject.stackName(), subject.kind(), elapsed, level);
    }
    DurationModel model = new DurationModel(history, subject.stackName());
    double[] left = new MonteCarlo(model, lags(subject)).left(work);
    WorkPlan first = work.get(0);
    return answer(
        subject, elapsed, left, level, first, basis(subject, first, model), slow(first, model));
  }

  /**
   * Estimate by the lengths of past deployments alone.
   *
   * @param kind only operations of that kind, or null for all
   */
  public Estimate byTotals(
      String stack, @Nullable OperationKind kind, Duration elapsed, double level) {
    List<Double> totals = history.totals(stack, kind);
    if (totals.isEmpty()) {
      totals = history.totals(stack, null);
    }
    PredictiveDistribution distribution = ofTotals(totals);
    double passed = elapsed.toMillis() / 1_000.0;
    double below = distribution.below(passed);
    double tail = (1 - level) / 2;
    return new Estimate(
        elapsed,
        atLeast(distribution.left(passed, below, 0.5)),
        new Interval(
            atLeast(distribution.left(passed, below, tail)),
            atLeast(distribution.left(passed, below, 1 - tail)),
            level),
        0,
        null,
        new Basis(totals.size(), 0, 0, "none"),
        overdue(totals, elapsed),
        longest(totals),
        List.of());
  }

  /** Return how many minutes a deployment of a stack usually takes, where some were seen. */
  public OptionalDouble usualMinutes(String stack) {
    List<Double> totals = history.totals(stack, null);
    return totals.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(ofTotals(totals).quantile(0.5) / 60);
  }

  /**
   * How long an action on a resource usually takes.
   *
   * @param median half of the times are below
   * @param ninety nine of ten are below
   * @param runs how many were seen; 0 when it rests on typical values
   */
  public record Usual(Duration median, Duration ninety, int runs) {}

  /**
   * Return how long an action on a resource of a stack usually takes.
   *
   * @param action {@code CREATE}, {@code UPDATE} or {@code DELETE}
   */
  public Usual usual(String stack, String logicalId, String type, String action) {
    PredictiveDistribution times = new DurationModel(history, stack).of(logicalId, type, action);
    return new Usual(
        seconds(times.quantile(0.5)), seconds(times.quantile(SLOW)), (int) times.seen());
  }

  private PredictiveDistribution ofTotals(List<Double> totals) {
    RunningStats stats = RunningStats.NONE;
    for (double total : totals) {
      stats = stats.plus(RunningStats.of(total));
    }
    Double average = history.averageMinutes();
    double center = Math.log(average == null ? UNKNOWN_SECONDS : average * 60);
    double lean = average == null ? 0.3 : 0.5;
    double typical = 0.5;
    double freedom = 3 + Math.max(0, stats.count() - 1);
    double within = Math.sqrt((3 * typical * typical / 2 + stats.squares()) / freedom);
    return new PredictiveDistribution(
        (lean * center + stats.count() * stats.mean()) / (lean + stats.count()),
        within * Math.sqrt(1 + 1 / (lean + stats.count())),
        freedom,
        stats.count());
  }

  private Estimate answer(
      ObservedOperation subject,
      Duration elapsed,
      double[] left,
      double level,
      WorkPlan plan,
      Basis basis,
      List<SlowResource> slow) {
    double tail = (1 - level) / 2;
    List<Double> totals = history.totals(subject.stackName(), subject.kind());
    return new Estimate(
        elapsed,
        atLeast(at(left, 0.5)),
        new Interval(atLeast(at(left, tail)), atLeast(at(left, 1 - tail)), level),
        plan.count(State.DONE),
        plan.steps().size(),
        basis,
        overdue(totals, elapsed),
        longest(totals),
        slow);
  }

  private Basis basis(ObservedOperation subject, WorkPlan plan, DurationModel model) {
    int typical = 0;
    int known = 0;
    for (WorkStep step : plan.steps()) {
      if (step.state() != State.DONE) {
        if (model.onlyTypical(step.logicalId(), step.type(), step.action())) {
          typical++;
        } else {
          known++;
        }
      }
    }
    Template template = subject.template();
    boolean ordered = template != null && !template.resources().isEmpty();
    int runs = history.training(subject.stackName()).size();
    return new Basis(runs, known, typical, ordered ? "template" : runs > 0 ? "history" : "none");
  }

  private static List<SlowResource> slow(WorkPlan plan, DurationModel model) {
    List<SlowResource> slow = new ArrayList<>();
    for (WorkStep step : plan.steps()) {
      if (step.state() == State.RUNNING) {
        PredictiveDistribution times = model.of(step.logicalId(), step.type(), step.action());
        double bound = times.quantile(SLOW);
        // Two runs and more: what is only typical is no reason to alarm anybody.
        if (times.seen() >= 2 && step.elapsed() > bound) {
          slow.add(
              new SlowResource(
                  step.logicalId(), step.type(), seconds(step.elapsed()), seconds(bound)));
        }
      }
    }
    return slow;
  }

  /** Learn from past operations what passes between the resources. */
  private Lags lags(ObservedOperation subject) {
    List<HistoryEntry> past =
        history.training(subject.stackName()).stream()
            .filter(entry -> !entry.timings().isEmpty())
            .toList();
    if (past.isEmpty()) {
      return USUAL_LAGS;
    }
    List<Double> between = new ArrayList<>();
    List<Double> atEnd = new ArrayList<>();
    List<Double> released = new ArrayList<>();
    for (HistoryEntry entry : past.subList(Math.max(0, past.size() - 5), past.size())) {
      List<ResourceTiming> timings = entry.timings();
      measure(subject.template(), timings, between);
      double end = timings.stream().mapToDouble(ResourceTiming::end).max().orElse(0);
      // Minutes to one decimal are known to three seconds.
      atEnd.add(Math.max(0, Math.min(30, entry.seconds() - end)));
      timings.forEach(
          timing ->
              released.add(
                  timing.configured() == null || timing.seconds() < 1
                      ? 1
                      : timing.configured() / timing.seconds()));
    }
    return new Lags(
        median(between, USUAL_LAGS.between()),
        median(atEnd, USUAL_LAGS.atEnd()),
        median(released, 1));
  }

  private static void measure(
      @Nullable Template template, List<ResourceTiming> timings, List<Double> between) {
    Map<String, ResourceTiming> byId = new java.util.HashMap<>();
    timings.forEach(timing -> byId.put(timing.logicalId(), timing));
    Map<String, List<String>> order = WorkPlanner.seenOrder(timings);
    for (ResourceTiming timing : timings) {
      Template.Resource resource =
          template == null ? null : template.resources().get(timing.logicalId());
      java.util.Collection<String> after =
          resource != null
              ? resource.dependsOn()
              : order.getOrDefault(timing.logicalId(), List.of());
      double latest =
          after.stream()
              .map(byId::get)
              .filter(java.util.Objects::nonNull)
              .mapToDouble(other -> other.freed(timing.start()))
              .max()
              .orElse(-1);
      double gap = timing.start() - latest;
      if (latest >= 0 && gap >= 0 && gap < 60) {
        between.add(gap);
      }
    }
  }

  private static double median(List<Double> values, double fallback) {
    if (values.isEmpty()) {
      return fallback;
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static double at(double[] rising, double share) {
    double position = share * (rising.length - 1);
    int low = (int) Math.floor(position);
    int high = Math.min(rising.length - 1, low + 1);
    return rising[low] + (position - low) * (rising[high] - rising[low]);
  }

  private static Duration elapsed(@Nullable StackOperation operation, Instant now) {
    Instant start = operation == null ? null : operation.startedAt();
    Duration elapsed = start == null ? Duration.ZERO : Duration.between(start, now);
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }

  private static @Nullable Duration overdue(List<Double> totals, Duration elapsed) {
    Duration longest = longest(totals);
    return longest == null || elapsed.compareTo(longest) <= 0 ? null : elapsed.minus(longest);
  }

  private static @Nullable Duration longest(List<Double> totals) {
    return totals.isEmpty()
        ? null
        : seconds(totals.stream().mapToDouble(Double::doubleValue).max().orElse(0));
  }

  private static Duration atLeast(double seconds) {
    Duration left = seconds(seconds);
    // While something runs, something is left.
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1_000));
  }
}
