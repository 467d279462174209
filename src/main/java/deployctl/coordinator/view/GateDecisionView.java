package deployctl.coordinator.view;

import deployctl.aws.cloudformation.Stack;
import deployctl.cli.Console;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.GateReason;
import deployctl.estimator.TypicalDuration;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts decisions into JSON and into words. */
public final class GateDecisionView {
  private final TypicalDuration typical;
  private final String region;
  private final Time time;

  /** Make a view; {@code region} is empty where it is not known. */
  public GateDecisionView(TypicalDuration typical, String region, Time time) {
    this.typical = typical;
    this.region = region;
    this.time = time;
  }

  /** Return the decision as the contract's JSON. */
  public JsonObject json(GateDecision decision) {
    JsonObject json =
        new JsonObject()
            .put("can_deploy", decision.canDeploy())
            .put("reason", decision.reason().name())
            .put("source", decision.source().name().toLowerCase(Locale.ROOT))
            .put("environment", decision.target().environment())
            .put("stack_name", decision.target().stackName());
    Stack stack = decision.stack();
    if (stack != null) {
      json.put("stack_status", stack.status().name());
    }
    json.put("active_deployment", active(decision));
    if (!decision.stale().isEmpty()) {
      json.put("stale_deployments", decision.stale().stream().map(Deployment::toJson).toList());
    }
    List<String> commands = commands(decision);
    if (!commands.isEmpty()) {
      json.put("commands", commands);
    }
    if (decision.failure() != null) {
      json.put("error", decision.failure().what()).put("next_step", decision.failure().nextStep());
    }
    return json;
  }

  /** Return the decision in a sentence, and what to do in the lines below. */
  String text(GateDecision decision, Console console) {
    StringBuilder text = new StringBuilder();
    text.append(
        switch (decision.exitCode()) {
          case OK -> console.paint("green", "yes");
          case NO, ACTIVE -> console.paint("bold,red", "no");
          default -> console.paint("yellow", "unknown");
        });
    text.append(": ").append(Console.plain(sentence(decision)));
    for (String command : cleanupCommands(decision)) {
      text.append("\n  ").append(Console.plain(command));
    }
    return text.toString();
  }

  /** Return why the decision is what it is, in a sentence. */
  public String sentence(GateDecision decision) {
    Target target = decision.target();
    return switch (decision.reason()) {
      case NO_STACK_EXISTS -> "there is no stack " + target + "; a deployment creates it";
      case STACK_IDLE -> target + " is idle" + status(decision.stack());
      case ACTIVE_DEPLOYMENT_IN_PROGRESS, REGISTERED_DEPLOYMENT_IN_PROGRESS -> busy(decision);
      case STACK_NEEDS_CLEANUP ->
          target
              + (decision.canDeploy()
                  ? " needs cleaning up, which is allowed"
                  : " must be cleaned up first")
              + status(decision.stack());
      case AWS_UNREACHABLE, AWS_ACCESS_DENIED -> "CloudFormation gave no answer about " + target;
    };
  }

  /** Return what to type next; empty when nothing is to be done. */
  List<String> commands(GateDecision decision) {
    List<String> commands = cleanupCommands(decision);
    decision.stale().forEach(entry -> commands.add(cleanupCommand(entry)));
    return commands;
  }

  private List<String> cleanupCommands(GateDecision decision) {
    List<String> commands = new ArrayList<>();
    Stack stack = decision.stack();
    if (decision.reason() == GateReason.STACK_NEEDS_CLEANUP && stack != null) {
      String rest =
          " --stack-name " + stack.name() + (region.isEmpty() ? "" : " --region " + region);
      if (stack.status().name().equals("UPDATE_ROLLBACK_FAILED")) {
        commands.add("aws cloudformation continue-update-rollback" + rest);
        commands.add("aws cloudformation wait stack-rollback-complete" + rest);
      } else {
        commands.add("aws cloudformation delete-stack" + rest);
        commands.add("aws cloudformation wait stack-delete-complete" + rest);
      }
    }
    return commands;
  }

  /** Return a sentence on an entry whose owner was not heard of any more. */
  String staleSentence(Deployment entry) {
    return entry.correlationId()
        + " is stale: its lease ran out"
        + (entry.leaseExpiresAt().equals(Instant.EPOCH)
            ? ""
            : " at " + Timestamps.format(entry.leaseExpiresAt()))
        + " and nothing is at work on its stack. Remove it with '"
        + cleanupCommand(entry)
        + "', or let 'acquire' take it over";
  }

  /**
   * Return who is in the way, since when and for how long still, in a few words for a line that
   * must be short.
   */
  String brief(GateDecision decision) {
    Deployment entry = decision.blocker();
    String who =
        entry != null
            ? entry.correlationId()
            : decision.failure() != null ? "AWS is away" : "not registered";
    return who + times(decision) + status(decision.stack());
  }

  private String busy(GateDecision decision) {
    Deployment entry = decision.blocker();
    StringBuilder text = new StringBuilder(who(decision)).append(entry == null ? ";" : "");
    text.append(times(decision)).append(status(decision.stack()));
    if (entry != null && !isQueued(entry) && entry.leaseExpired(time.now())) {
      text.append("; its lease ran out, and its stack was not seen idle");
    }
    return text.toString();
  }

  private String times(GateDecision decision) {
    Instant since = since(decision);
    if (since == null) {
      return "";
    }
    Instant now = time.now();
    String text =
        " since " + Timestamps.clock(since) + ", " + Durations.humane(Duration.between(since, now));
    if (decision.blocker() != null && isQueued(decision.blocker())) {
      return text;
    }
    Double left = typical.remainingMinutes(stackOf(decision), since, now);
    return text
        + (left == null
            ? "; longer than usual"
            : "; about " + Math.round(Math.max(1, left)) + " min left");
  }

  private static boolean isQueued(Deployment entry) {
    return entry.status() == DeploymentStatus.QUEUED;
  }

  private static String who(GateDecision decision) {
    Deployment entry = decision.blocker();
    if (entry == null) {
      return "CloudFormation is at work on " + decision.target() + ", and no entry says for whom";
    }
    String stack = entry.stackName() == null ? decision.target().stackName() : entry.stackName();
    return entry.correlationId()
        + (isQueued(entry) ? " is next in the queue for " : " is deploying to ")
        + stack
        + (entry.environment() == null ? "" : " (" + entry.environment() + ")");
  }

  private @Nullable JsonObject active(GateDecision decision) {
    Deployment entry = decision.blocker();
    Stack stack = decision.stack();
    if (decision.reason() != GateReason.ACTIVE_DEPLOYMENT_IN_PROGRESS
        && decision.reason() != GateReason.REGISTERED_DEPLOYMENT_IN_PROGRESS) {
      return null;
    }
    Instant since = since(decision);
    Instant now = time.now();
    String status =
        entry != null ? entry.status().name() : stack == null ? null : stack.status().name();
    JsonObject json =
        new JsonObject()
            .put("correlation_id", entry == null ? null : entry.correlationId())
            .put(
                "environment",
                entry == null ? decision.target().environment() : entry.environment())
            .put("stack_name", entry == null ? decision.target().stackName() : entry.stackName())
            .put("status", status)
            .put("started_at", since == null ? null : Timestamps.format(since))
            .put(
                "elapsed_minutes",
                since == null ? null : TypicalDuration.elapsedMinutes(since, now))
            .put(
                "estimated_remaining_minutes",
                since == null ? null : typical.remainingMinutes(stackOf(decision), since, now));
    if (stack != null) {
      json.put("stack_status", stack.status().name());
    }
    if (entry != null) {
      json.put("lease_expires_at", Timestamps.format(entry.leaseExpiresAt()));
    }
    return json;
  }

  private static @Nullable String stackOf(GateDecision decision) {
    Deployment entry = decision.blocker();
    return entry != null && entry.stackName() != null
        ? entry.stackName()
        : decision.target().stackName();
  }

  private static @Nullable Instant since(GateDecision decision) {
    Deployment entry = decision.blocker();
    if (entry != null && entry.startedAt() != null) {
      return entry.startedAt();
    }
    if (entry != null && entry.queuedAt() != null) {
      return entry.queuedAt();
    }
    return decision.stack() == null ? null : decision.stack().operationStartedAt();
  }

  private static String status(@Nullable Stack stack) {
    return stack == null ? "" : " (" + stack.status() + ")";
  }

  private static String cleanupCommand(Deployment entry) {
    return "deployctl coordinator cleanup " + entry.correlationId();
  }
}
