package deployctl.operation;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.operation.PastOperation.OperationEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Splits the events of a stack into its operations. */
public final class OperationSplitter {
  private final List<PastOperation> done = new ArrayList<>();
  private @Nullable Open open;

  private OperationSplitter() {}

  /**
   * Return the operations that are over, oldest first; one that still runs, and the events of one
   * whose beginning is not among them, are left out.
   *
   * @param oldestFirst the events of one stack in the order of time
   */
  public static List<PastOperation> split(List<StackEvent> oldestFirst) {
    OperationSplitter splitter = new OperationSplitter();
    oldestFirst.forEach(splitter::take);
    return splitter.done;
  }

  /** Return an operation that has just ended, or empty when it has not. */
  public static Optional<PastOperation> single(List<StackEvent> oldestFirst) {
    List<PastOperation> all = split(oldestFirst);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  private void take(StackEvent event) {
    boolean own = Events.ofStackItself(event);
    if (own && Events.begins(event)) {
      open = new Open(event);
    } else if (own && open == null && event.status().endsWith("ROLLBACK_IN_PROGRESS")) {
      open = new Open(event);
    }
    Open current = open;
    if (current == null) {
      return;
    }
    if (!own) {
      current.resource(event);
    } else if (current.ends(event)) {
      done.add(current.close(event));
      open = null;
    }
  }

  /** An operation whose end is not seen yet. */
  private static final class Open {
    private final StackEvent start;
    private final StackOperation.OperationKind kind;
    private final Map<String, StackEvent> running = new HashMap<>();
    private final Map<String, Instant> configured = new HashMap<>();
    private final List<ResourceTiming> timings = new ArrayList<>();
    private boolean rolledBack;
    private boolean cancelled;
    private boolean failed;

    private Open(StackEvent start) {
      this.start = start;
      this.kind = StackOperation.OperationKind.of(start.status());
    }

    private void resource(StackEvent event) {
      String id = event.logicalResourceId();
      if (Events.inProgress(event.status())) {
        StackEvent before = running.get(id);
        if (before == null || !action(before).equals(action(event))) {
          running.put(id, event);
          configured.remove(id);
        }
        if ("CONFIGURATION_COMPLETE".equals(event.detailedStatus())) {
          configured.put(id, event.timestamp());
        }
        return;
      }
      StackEvent began = running.remove(id);
      failed |= Events.failed(event.status());
      if (began != null && Events.complete(event.status())) {
        Instant ready = configured.get(id);
        timings.add(
            new ResourceTiming(
                id,
                event.resourceType(),
                action(began),
                seconds(start.timestamp(), began.timestamp()),
                ready == null ? null : seconds(began.timestamp(), ready),
                seconds(began.timestamp(), event.timestamp())));
      }
    }

    private boolean ends(StackEvent event) {
      String status = event.status();
      if (Events.inProgress(status)) {
        if (Events.rollingBack(status) && kind != StackOperation.OperationKind.ROLLBACK) {
          rolledBack = true;
          String reason = Events.orEmpty(event.reason());
          cancelled |= !failed && reason.startsWith("User Initiated");
        }
        return false;
      }
      return true;
    }

    private PastOperation close(StackEvent end) {
      boolean bad = rolledBack || Events.failed(end.status());
      OperationEnd result =
          cancelled && rolledBack
              ? OperationEnd.CANCELLED
              : bad
                  ? OperationEnd.FAILED
                  : timings.isEmpty() ? OperationEnd.NO_CHANGES : OperationEnd.SUCCEEDED;
      timings.sort(Comparator.comparingDouble(ResourceTiming::start));
      return new PastOperation(
          start.stackName(),
          kind,
          result,
          start.timestamp(),
          end.timestamp(),
          List.copyOf(timings));
    }

    private static String action(StackEvent event) {
      String status = event.status();
      return status.substring(0, Math.max(0, status.indexOf('_')));
    }

    private static double seconds(Instant from, Instant to) {
      return Math.max(0, Duration.between(from, to).toMillis() / 1_000.0);
    }
  }
}
