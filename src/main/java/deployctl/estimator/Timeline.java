package deployctl.estimator;

import deployctl.estimator.model.DurationModel;
import deployctl.estimator.model.PredictiveDistribution;
import deployctl.estimator.model.WorkPlanner;
import deployctl.operation.PastOperation;
import deployctl.operation.ResourceTiming;
import deployctl.operation.Template;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What ran when in an operation, and the chain of resources that decided how long it took.
 *
 * @param rows in the order of their beginning
 * @param total seconds of the whole operation
 */
record Timeline(PastOperation operation, List<TimelineRow> rows, double total) {
  /**
   * A bar of the picture.
   *
   * @param waited seconds between the end of what it waited for and its beginning
   * @param onChain whether it is on the chain that decided the total
   * @param usual seconds that it usually takes, or null where nothing is known
   */
  record TimelineRow(
      ResourceTiming timing, double waited, boolean onChain, @Nullable Double usual) {}

  static Timeline of(PastOperation operation, @Nullable Template template, DurationModel model) {
    List<ResourceTiming> timings = operation.resources();
    Map<String, List<String>> seen = WorkPlanner.seenOrder(timings);
    Set<ResourceTiming> chain = chain(timings, template, seen);
    List<TimelineRow> rows = new ArrayList<>();
    for (ResourceTiming timing : timings) {
      ResourceTiming before = latestBefore(timing, timings, template, seen);
      PredictiveDistribution usual = model.of(timing.logicalId(), timing.type(), timing.action());
      rows.add(
          new TimelineRow(
              timing,
              before == null ? 0 : Math.max(0, timing.start() - before.freed(timing.start())),
              chain.contains(timing),
              usual.seen() == 0 ? null : usual.quantile(0.5)));
    }
    rows.sort(Comparator.comparingDouble((TimelineRow row) -> row.timing().start()));
    return new Timeline(operation, rows, operation.duration().toMillis() / 1_000.0);
  }

  /** Walk back from what was done last, each time to what it waited for longest. */
  private static Set<ResourceTiming> chain(
      List<ResourceTiming> timings, @Nullable Template template, Map<String, List<String>> seen) {
    Set<ResourceTiming> chain = new LinkedHashSet<>();
    ResourceTiming at =
        timings.stream().max(Comparator.comparingDouble(ResourceTiming::end)).orElse(null);
    while (at != null && chain.add(at)) {
      at = latestBefore(at, timings, template, seen);
    }
    return chain;
  }

  private static @Nullable ResourceTiming latestBefore(
      ResourceTiming timing,
      List<ResourceTiming> timings,
      @Nullable Template template,
      Map<String, List<String>> seen) {
    Template.Resource resource =
        template == null ? null : template.resources().get(timing.logicalId());
    Set<String> after =
        resource != null
            ? resource.dependsOn()
            : Set.copyOf(seen.getOrDefault(timing.logicalId(), List.of()));
    ResourceTiming latest = null;
    for (ResourceTiming other : timings) {
      if (after.contains(other.logicalId())
          && other.freed(timing.start()) >= 0
          && (latest == null || other.freed(timing.start()) > latest.freed(timing.start()))) {
        latest = other;
      }
    }
    return latest;
  }
}
