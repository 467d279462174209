package deployctl.testing;

import deployctl.aws.cloudformation.StackEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A timeline behind CloudFormation's HTTP API, for programs that are processes of their own. */
public final class TimelineAws {
  private static final int PAGE = 100;
  private static final String NAMESPACE =
      "xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"";

  private TimelineAws() {}

  /** Serve a timeline by the real clock. */
  public static ScriptedAws serve(ScriptedOperation timeline) {
    return serve(timeline, () -> new deployctl.support.time.SystemTime().now());
  }

  /** Serve a timeline by a clock of the test's. */
  public static ScriptedAws serve(ScriptedOperation timeline, Supplier<Instant> now) {
    return new ScriptedAws(request -> answer(timeline, request, now.get()));
  }

  public static ScriptedAws.Answer answer(
      ScriptedOperation timeline, Map<String, String> request, Instant now) {
    String stack = request.getOrDefault("StackName", "");
    return switch (request.getOrDefault("Action", "")) {
      case "DescribeStacks" -> stacks(timeline, stack, now);
      case "DescribeStackEvents" -> events(timeline, stack, request.get("NextToken"), now);
      default -> ScriptedAws.error(403, "AccessDenied", "not allowed here");
    };
  }

  private static ScriptedAws.Answer stacks(ScriptedOperation timeline, String stack, Instant now) {
    String status = timeline.status(stack, now);
    boolean byId = stack.startsWith("arn:");
    if (status == null || status.equals("DELETE_COMPLETE") && !byId) {
      return ScriptedAws.noSuchStack(stack);
    }
    String name = byId ? stack.split("/", -1)[1] : stack;
    return ScriptedAws.xml(
        200,
        "<DescribeStacksResponse "
            + NAMESPACE
            + "><DescribeStacksResult><Stacks><member><StackName>"
            + name
            + "</StackName><StackId>"
            + ScriptedOperation.arn(name)
            + "</StackId><CreationTime>"
            + timeline.start()
            + "</CreationTime><StackStatus>"
            + status
            + "</StackStatus><Tags/></member></Stacks></DescribeStacksResult></DescribeStacksResponse>");
  }

  private static ScriptedAws.Answer events(
      ScriptedOperation timeline, String stack, String token, Instant now) {
    List<StackEvent> all = timeline.events(stack, now);
    if (all.isEmpty()) {
      return ScriptedAws.noSuchStack(stack);
    }
    int from = token == null ? 0 : Integer.parseInt(token);
    int to = Math.min(all.size(), from + PAGE);
    StringBuilder members = new StringBuilder();
    for (StackEvent event : all.subList(from, to)) {
      members.append("<member>");
      tag(members, "EventId", event.eventId());
      tag(members, "StackId", event.stackId());
      tag(members, "StackName", event.stackName());
      tag(members, "Timestamp", event.timestamp().toString());
      tag(members, "LogicalResourceId", event.logicalResourceId());
      tag(members, "PhysicalResourceId", event.physicalResourceId());
      tag(members, "ResourceType", event.resourceType());
      tag(members, "ResourceStatus", event.status());
      tag(members, "ResourceStatusReason", event.reason());
      members.append("</member>");
    }
    String next = to < all.size() ? "<NextToken>" + to + "</NextToken>" : "";
    return ScriptedAws.xml(
        200,
        "<DescribeStackEventsResponse "
            + NAMESPACE
            + "><DescribeStackEventsResult><StackEvents>"
            + members
            + "</StackEvents>"
            + next
            + "</DescribeStackEventsResult></DescribeStackEventsResponse>");
  }

  private static void tag(StringBuilder xml, String name, String value) {
    if (value != null) {
      xml.append('<').append(name).append('>');
      xml.append(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
      xml.append("</").append(name).append('>');
    }
  }

  /** Return a moment that lies so long ago, to the second. */
  public static Instant ago(Duration age) {
    return Instant.ofEpochSecond(
        new deployctl.support.time.SystemTime().now().minus(age).getEpochSecond());
  }
}
