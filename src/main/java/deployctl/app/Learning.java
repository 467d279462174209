package deployctl.app;

import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.estimator.Estimate;
import deployctl.estimator.Estimator;
import deployctl.estimator.history.HistoryFile;
import deployctl.monitor.watch.ExpectedChanges;
import deployctl.monitor.watch.Snapshot.Remaining;
import deployctl.monitor.watch.WatchRequest;
import deployctl.operation.OperationSplitter;
import deployctl.operation.StackOperation;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.support.Failure;
import deployctl.support.Lazy;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
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
  Remaining remaining(
      Stack stack,
      StackOperation operation,
      ExpectedChanges.@Nullable PlannedChanges plan,
      Instant now) {
    Estimate estimate =
        estimator
            .get()
            .estimate(
                new Estimator.Subject(
                    stack.name(),
                    stack.id(),
                    operation.kind(),
                    operation,
                    plan == null ? null : plan.template(),
                    plan == null ? null : plan.changes()),
                Estimator.USUAL_LEVEL,
                now);
    return new Remaining(
        estimate.left(),
        estimate.low(),
        estimate.high(),
        estimate.words(),
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
  void record(WatchRequest watched, List<StackEvent> events) {
    try {
      Deployment entry = registry.get().read().find(watched.correlationId());
      String commit = entry == null ? null : entry.toJson().string("commit");
      OperationSplitter.single(events)
          .ifPresent(
              operation ->
                  file.change(
                      history ->
                          history.add(
                              operation, watched.correlationId(), watched.environment(), commit)));
    } catch (Failure e) {
      warnings.accept("Nothing was learned from " + watched.correlationId() + ": " + e.what());
    }
  }
}
