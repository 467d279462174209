package deployctl.testing;

import deployctl.aws.cloudformation.StackEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What happens to a stack and those nested in it, as data: a line an event, {@code <second>
 * [<stack>] <resource> <type> <status> [| <reason>]}. A resource called like its stack is the stack
 * itself; a nested stack's resource in its parent has the type {@code stack:<name>}. Short types
 * are of AWS's common ones.
 */
public final class ScriptedOperation {
  private final Instant start;
  private final String stack;
  private final List<StackEvent> events = new ArrayList<>();

  public ScriptedOperation(String stack, Instant start, String... lines) {
    this.stack = stack;
    this.start = start;
    for (String line : lines) {
      add(line);
    }
  }

  public static String arn(String stack) {
    return "arn:aws:cloudformation:us-east-1:123456789012:stack/" + stack + "/id-of-" + stack;
  }

  public ScriptedOperation add(String line) {
    int bar = line.indexOf(" | ");
    String reason = bar < 0 ? null : line.substring(bar + 3);
    String[] words = (bar < 0 ? line : line.substring(0, bar)).trim().split("\\s+", -1);
    int at = words[1].startsWith("[") ? 1 : 0;
    String owner = at == 1 ? words[1].substring(1, words[1].length() - 1) : stack;
    String resource = words[1 + at];
    boolean own = resource.equals(owner);
    String type = own ? "stack:" + owner : words[2 + at];
    String status = words[(own ? 2 : 3) + at];
    String detailed = null;
    if (status.contains("+")) {
      detailed = status.substring(status.indexOf('+') + 1);
      status = status.substring(0, status.indexOf('+'));
    }
    boolean nested = type.startsWith("stack:");
    events.add(
        new StackEvent(
            "event-" + events.size(),
            arn(owner),
            owner,
            start.plusMillis(Math.round(Double.parseDouble(words[0]) * 1_000)),
            resource,
            nested ? arn(type.substring("stack:".length())) : "physical-" + resource,
            nested ? "AWS::CloudFormation::Stack" : longType(type),
            status,
            detailed,
            reason,
            null));
    return this;
  }

  private static String longType(String type) {
    return switch (type) {
      case "db" -> "AWS::RDS::DBInstance";
      case "svc" -> "AWS::ECS::Service";
      case "lb" -> "AWS::ElasticLoadBalancingV2::LoadBalancer";
      case "role" -> "AWS::IAM::Role";
      case "queue" -> "AWS::SQS::Queue";
      case "vpc" -> "AWS::EC2::VPC";
      default -> type;
    };
  }

  public Instant start() {
    return start;
  }

  public String stack() {
    return stack;
  }

  /** Return every event of all the stacks, oldest first. */
  public List<StackEvent> all() {
    return List.copyOf(events);
  }

  public Set<String> ids() {
    return events.stream()
        .map(StackEvent::eventId)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Return a stack's events up to a moment, newest first. */
  public List<StackEvent> events(String nameOrArn, Instant now) {
    List<StackEvent> seen = new ArrayList<>();
    for (StackEvent event : events) {
      boolean of = event.stackName().equals(nameOrArn) || event.stackId().equals(nameOrArn);
      if (of && !event.timestamp().isAfter(now)) {
        seen.add(0, event);
      }
    }
    seen.sort(Comparator.comparing(StackEvent::timestamp).reversed());
    return seen;
  }

  /** Return a stack's status at a moment; null while it does not exist. */
  public String status(String nameOrArn, Instant now) {
    return events(nameOrArn, now).stream()
        .filter(event -> event.stackId().equals(event.physicalResourceId()))
        .map(StackEvent::status)
        .findFirst()
        .orElse(null);
  }
}
