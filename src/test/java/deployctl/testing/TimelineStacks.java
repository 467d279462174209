package deployctl.testing;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.StackResource;
import deployctl.aws.cloudformation.StackStatus;
import deployctl.support.time.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** CloudFormation that lives a timeline by a clock; counts its calls. */
public final class TimelineStacks extends UnaskedStacks {
  private final ScriptedOperation timeline;
  private final Time time;
  private final Map<String, Integer> calls = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();
  private int page = 100;
  private String template = "";
  private List<String> changes = List.of();
  private AwsErrorKind problem;
  private Instant problemFrom = Instant.MAX;
  private Instant problemUntil = Instant.MAX;
  private boolean forgetsDeleted;
  private String onlyFor;
  private String ahead;
  private Instant aheadFrom = Instant.MAX;
  private Instant aheadUntil = Instant.MAX;

  public TimelineStacks(ScriptedOperation timeline, Time time) {
    this.timeline = timeline;
    this.time = time;
  }

  public TimelineStacks pages(int size) {
    page = size;
    return this;
  }

  public TimelineStacks withTemplate(String body) {
    template = body;
    return this;
  }

  public TimelineStacks withChanges(String... ids) {
    changes = List.of(ids);
    return this;
  }

  /** Fail from one second of the timeline to another. */
  public TimelineStacks failing(AwsErrorKind how, int from, int until) {
    problem = how;
    problemFrom = timeline.start().plusSeconds(from);
    problemUntil = timeline.start().plusSeconds(until);
    return this;
  }

  /** Fail when one stack is asked for its events. */
  public TimelineStacks failingFor(String stack, AwsErrorKind how, int from, int until) {
    onlyFor = ScriptedOperation.arn(stack);
    return failing(how, from, until);
  }

  /** Show a status before the events that bring it. */
  public TimelineStacks statusAhead(String status, int from, int until) {
    ahead = status;
    aheadFrom = timeline.start().plusSeconds(from);
    aheadUntil = timeline.start().plusSeconds(until);
    return this;
  }

  /** Know nothing of a deleted stack, not even by its id. */
  public TimelineStacks forgettingDeleted() {
    forgetsDeleted = true;
    return this;
  }

  public Map<String, Integer> calls() {
    return calls;
  }

  public int totalCalls() {
    return calls.values().stream().mapToInt(Integer::intValue).sum();
  }

  private void call(String what) {
    call(what, null);
  }

  private void call(String what, String stack) {
    calls.merge(what, 1, Integer::sum);
    asked.add(what);
    Instant now = time.now();
    boolean meant = onlyFor == null || onlyFor.equals(stack);
    if (meant && problem != null && !now.isBefore(problemFrom) && now.isBefore(problemUntil)) {
      throw new AwsFailure(problem, "AWS fails: " + problem, "mend it", new RuntimeException());
    }
  }

  @Override
  public Optional<Stack> find(String stack) {
    call("DescribeStacks");
    Instant now = time.now();
    String status = timeline.status(stack, now);
    if (ahead != null && !now.isBefore(aheadFrom) && now.isBefore(aheadUntil)) {
      status = ahead;
    }
    boolean byId = stack.startsWith("arn:");
    if (status == null || status.equals("DELETE_COMPLETE") && (!byId || forgetsDeleted)) {
      return Optional.empty();
    }
    String name = byId ? stack.split("/", -1)[1] : stack;
    List<StackEvent> own =
        timeline.events(stack, now).stream()
            .filter(event -> event.stackId().equals(event.physicalResourceId()))
            .toList();
    Instant begun =
        own.stream()
            .filter(e -> List.of("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS").contains(e.status()))
            .map(StackEvent::timestamp)
            .findFirst()
            .orElse(timeline.start());
    return Optional.of(
        new Stack(
            name,
            ScriptedOperation.arn(name),
            new StackStatus(status),
            own.get(0).reason(),
            timeline.start(),
            begun,
            null,
            false,
            changes.isEmpty() ? null : "change-set"));
  }

  @Override
  public Stream<List<StackEvent>> eventPages(String stack) {
    List<StackEvent> all = timeline.events(stack, time.now());
    if (all.isEmpty()) {
      call("DescribeStackEvents", stack);
      return Stream.of(List.of());
    }
    return Stream.iterate(0, from -> from < all.size(), from -> from + page)
        .map(
            from -> {
              call("DescribeStackEvents", stack);
              return all.subList(from, Math.min(all.size(), from + page));
            });
  }

  @Override
  public List<StackResource> resources(String stack) {
    call("ListStackResources");
    return timeline.events(stack, time.now()).stream()
        .filter(event -> !event.stackId().equals(event.physicalResourceId()))
        .map(StackEvent::logicalResourceId)
        .distinct()
        .map(id -> new StackResource(id, null, "T", "CREATE_COMPLETE", null, time.now()))
        .toList();
  }

  @Override
  public List<String> changes(String stack, String changeSet) {
    call("DescribeChangeSet");
    return changes;
  }

  @Override
  public String template(String stack) {
    call("GetTemplate");
    return template;
  }
}
