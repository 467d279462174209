package deployctl.estimator.history;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import deployctl.operation.OperationSplitter;
import deployctl.operation.PastOperation;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the past operations of a stack out of its events into the history. */
public final class Collector {
  private final Stacks stacks;
  private final HistoryFile file;
  private final Registry registry;
  private final Time time;

  /** Make a collector. */
  public Collector(Stacks stacks, HistoryFile file, Registry registry, Time time) {
    this.stacks = stacks;
    this.file = file;
    this.registry = registry;
    this.time = time;
  }

  /**
   * What was collected.
   *
   * @param found operations among the events that are over
   * @param added of them, those that were not in the history
   */
  public record Collected(int found, int added) {}

  /** Read all events of a stack and add what is new; twice is the same as once. */
  public Collected collect(String stack) {
    List<StackEvent> events = new ArrayList<>();
    stacks.eventPages(stack).forEach(events::addAll);
    Collections.reverse(events);
    List<PastOperation> operations =
        OperationSplitter.split(events).stream()
            // An event of the future is a clock's mistake: nothing is to be learned from it.
            .filter(operation -> !operation.endedAt().isAfter(time.now().plusSeconds(300)))
            .toList();
    List<Deployment> deployments = deployments();
    int[] added = {0};
    file.change(
        history -> {
          added[0] = 0;
          for (PastOperation operation : operations) {
            Deployment of = deploymentOf(operation, deployments);
            boolean isNew =
                history.add(
                    operation,
                    of == null ? null : of.correlationId(),
                    of == null ? null : of.environment(),
                    of == null ? null : of.commit());
            added[0] += isNew ? 1 : 0;
          }
          return added[0] > 0;
        });
    return new Collected(operations.size(), added[0]);
  }

  private List<Deployment> deployments() {
    try {
      return registry.read().deployments();
    } catch (Failure e) {
      // Names are good to have; what was learned does not need them.
      return List.of();
    }
  }

  private static @Nullable Deployment deploymentOf(
      PastOperation operation, List<Deployment> deployments) {
    for (Deployment entry : deployments) {
      Instant start = entry.startedAt();
      Instant end = entry.finishedAt();
      String stack = entry.stackName();
      if (start != null
          && stack != null
          && Deployment.plainStackName(stack).equals(operation.stackName())
          && !operation.startedAt().isBefore(start.minusSeconds(2))
          && (end == null
              ? operation.startedAt().isBefore(start.plus(Duration.ofHours(2)))
              : !operation.startedAt().isAfter(end))) {
        return entry;
      }
    }
    return null;
  }
}
