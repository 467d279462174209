package deployctl.operation;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of an operation over a stack and the stacks nested in it, each once and in the order
 * of time; what it gives is also in {@link #operation()}.
 *
 * <p>A nested stack is asked while it is in progress and once after, so that a flat stack costs one
 * call a look.
 */
public final class OperationFeed {
  /** Clocks of nested stacks may run behind their parent's by so much. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final Stacks stacks;
  private final String stackId;
  private final SeenEvents seen;
  private final StackOperation operation;
  private final Map<String, EventFeed> nested = new LinkedHashMap<>();
  private final Set<String> settled = new HashSet<>();
  private @Nullable Instant since;
  private final List<StackEvent> events = new ArrayList<>();
  private boolean superseded;

  /** How many ids are remembered of an operation; more than any page holds. */
  private static final int MOST_SEEN = 20_000;

  /** Make a feed of the latest operation of a stack, which is named by its ARN. */
  public static OperationFeed latest(Stacks stacks, String stackId) {
    return since(stacks, stackId, null);
  }

  /**
   * Make a feed of the operation of a stack that began at a moment.
   *
   * @param stackId the stack's ARN
   * @param since when the operation began, or null to take the latest one
   */
  public static OperationFeed since(Stacks stacks, String stackId, @Nullable Instant since) {
    return new OperationFeed(stacks, stackId, since, new SeenEvents(MOST_SEEN));
  }

  OperationFeed(Stacks stacks, String stackId, @Nullable Instant since, SeenEvents seen) {
    this.stacks = stacks;
    this.stackId = stackId;
    this.since = since;
    this.seen = seen;
    this.operation = new StackOperation(stackId);
  }

  /** Return the events of the stack itself and its resources so far, oldest first. */
  public List<StackEvent> events() {
    return List.copyOf(events);
  }

  /** Return the operation as told so far. */
  public StackOperation operation() {
    return operation;
  }

  /**
   * Return what is new.
   *
   * @throws AwsFailure when one of the stacks could not be asked; nothing is taken as told then, so
   *     that the next look gives it all
   */
  public List<StackEvent> next() {
    EventFeed own = new EventFeed(stacks, stackId, seen);
    Instant from = since;
    List<StackEvent> ofStack = from == null ? own.latestOperation() : own.next(from);
    List<StackEvent> fresh = new ArrayList<>(ofStack);
    addNested(
        ofStack, from != null || ofStack.isEmpty() ? from : ofStack.get(0).timestamp(), fresh);
    fresh.sort(Comparator.comparing(StackEvent::timestamp));
    if (from == null && !ofStack.isEmpty()) {
      since = ofStack.get(0).timestamp();
    }
    List<StackEvent> taken = new ArrayList<>(fresh.size());
    for (StackEvent event : fresh) {
      seen.add(event.eventId());
      boolean ofAnother =
          operation.ended() && event.stackId().equals(stackId) && Events.begins(event);
      superseded |= ofAnother;
      if (!superseded) {
        operation.apply(event);
        if (event.stackId().equals(stackId)) {
          events.add(event);
        }
        taken.add(event);
      }
    }
    return taken;
  }

  /** Ask the nested stacks that are at work, those that came up now included, at any depth. */
  private void addNested(List<StackEvent> ofStack, @Nullable Instant from, List<StackEvent> fresh) {
    Set<String> toAsk = new LinkedHashSet<>(running());
    Set<String> ended = new HashSet<>();
    note(ofStack, toAsk, ended);
    Set<String> asked = new HashSet<>();
    while (!asked.containsAll(toAsk)) {
      for (String id : List.copyOf(toAsk)) {
        if (asked.add(id) && !settled.contains(id)) {
          List<StackEvent> events = eventsOf(id, from);
          fresh.addAll(events);
          note(events, toAsk, ended);
        }
      }
    }
    settled.addAll(ended);
  }

  private void note(List<StackEvent> events, Set<String> toAsk, Set<String> ended) {
    for (StackEvent event : events) {
      String id = event.physicalResourceId();
      if (id != null && Events.ofNestedStack(event)) {
        toAsk.add(id);
        if (Events.inProgress(event.status())) {
          // A rollback takes up again what was done.
          settled.remove(id);
          ended.remove(id);
        } else {
          ended.add(id);
        }
      }
    }
  }

  private List<String> running() {
    return operation.resources().stream()
        .filter(run -> run.type().equals(Events.STACK_TYPE) && run.inProgress())
        .map(ResourceRun::physicalId)
        .filter(id -> id != null && id.startsWith("arn:"))
        .map(String::valueOf)
        .toList();
  }

  private List<StackEvent> eventsOf(String id, @Nullable Instant begun) {
    Instant from = begun == null ? Instant.EPOCH : begun.minus(SLACK);
    EventFeed feed = nested.computeIfAbsent(id, key -> new EventFeed(stacks, key, seen));
    try {
      return feed.next(from);
    } catch (AwsFailure e) {
      if (e.problem() == AwsErrorKind.NOT_FOUND || e.problem() == AwsErrorKind.ACCESS_DENIED) {
        // What its parent says of it is told all the same.
        return List.of();
      }
      throw e;
    }
  }
}
