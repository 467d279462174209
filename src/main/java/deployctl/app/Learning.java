package deployctl.app;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.estimator.Estimate;
import deployctl.estimator.Estimator;
import deployctl.estimator.history.HistoryFile;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.watch.Snapshot.Remaining;
import deployctl.operation.ObservedOperation;
import deployctl.operation.OperationSplitter;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.support.Failure;
import deployctl.support.Lazy;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connects what was learned with those who ask for it and those who see what is to be learned. */
final class Learning {
  private final HistoryFile file;
  private final Supplier<Registry> registry;
  private final Consumer<String> warnings;
  private final Lazy<Estimator> estimator;

  Learning(HistoryFile file, Supplier<Registry> registry, Consumer<String> warnings) {
    this.file = file;
    this.registry = registry;
    this.warnings = warnings;
    // Once a process: what is learned meanwhile is for the next one.
    this.estimator = Lazy.of(() -> new Estimator(file.read()));
  }

  /** Return what is left of an operation that a monitor follows. */
  Remaining remaining(ObservedOperation observed) {
    Estimate estimate = estimator.get().estimate(observed, Estimator.USUAL_LEVEL);
    return new Remaining(
        estimate.left(),
        estimate.interval().low(),
        estimate.interval().high(),
        estimate.describe(),
        estimate.slow().stream()
            .map(
                slow ->
                    new Remaining.Slow(
                        slow.logicalId(),
                        slow.logicalId()
                            + " ("
                            + slow.type()
                            + ") has taken "
                            + Durations.humane(slow.elapsed())
                            + "; nine of ten of its runs take less than "
                            + Durations.humane(slow.bound())))
            .toList());
  }

  /**
   * Return what is left by the lengths of a stack's past deployments, or null where none is known.
   */
  @Nullable Duration left(@Nullable String stack, Duration elapsed) {
    if (stack == null) {
      return null;
    }
    String name = Deployment.plainStackName(stack);
    return estimator.get().usualMinutes(name).isEmpty()
        ? null
        : estimator.get().byTotals(name, null, elapsed, Estimator.USUAL_LEVEL).left();
  }

  /** Return how many minutes a stack's deployments usually take, or null where none is known. */
  @Nullable Double usualMinutes(@Nullable String stack) {
    if (stack == null) {
      return null;
    }
    var minutes = estimator.get().usualMinutes(Deployment.plainStackName(stack));
    return minutes.isEmpty() ? null : minutes.getAsDouble();
  }

  /** Learn from an operation that a monitor has followed to its end. */
  void record(WatchRequest request, List<StackEvent> events) {
    try {
      Deployment entry = registry.get().read().find(request.correlationId());
      String commit = entry == null ? null : entry.commit();
      OperationSplitter.single(events)
          .ifPresent(
              operation ->
                  file.change(
                      history ->
                          history.add(
                              operation, request.correlationId(), request.environment(), commit)));
    } catch (Failure e) {
      warnings.accept("Nothing was learned from " + request.correlationId() + ": " + e.what());
    }
  }
}
