package deployctl.coordinator;

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

/** Puts verdicts into JSON and into words. */
final class GateDecisionView {
  private final TypicalDuration typical;
  private final String region;
  private final Time time;

  GateDecisionView(TypicalDuration typical, String region, Time time) {
    this.typical = typical;
    this.region = region;
    this.time = time;
  }

  /** Return the verdict as the contract's JSON. */
  JsonObject json(GateDecision verdict) {
    JsonObject json =
        new JsonObject()
            .put("can_deploy", verdict.canDeploy())
            .put("reason", verdict.reason().name())
            .put("source", verdict.source().name().toLowerCase(Locale.ROOT))
            .put("environment", verdict.target().environment())
            .put("stack_name", verdict.target().stackName());
    Stack stack = verdict.stack();
    if (stack != null) {
      json.put("stack_status", stack.status().name());
    }
    json.put("active_deployment", active(verdict));
    if (!verdict.stale().isEmpty()) {
      json.put("stale_deployments", verdict.stale().stream().map(Deployment::toJson).toList());
    }
    List<String> commands = commands(verdict);
    if (!commands.isEmpty()) {
      json.put("commands", commands);
    }
    if (verdict.failure() != null) {
      json.put("error", verdict.failure().what()).put("next_step", verdict.failure().nextStep());
    }
    return json;
  }

  /** Return the verdict in a sentence, and what to do in the lines below. */
  String text(GateDecision verdict, Console console) {
    StringBuilder text = new StringBuilder();
    text.append(
        switch (verdict.exitCode()) {
          case OK -> console.paint("green", "yes");
          case NO, ACTIVE -> console.paint("bold,red", "no");
          default -> console.paint("yellow", "unknown");
        });
    text.append(": ").append(Console.plain(sentence(verdict)));
    for (String command : cleanupCommands(verdict)) {
      text.append("\n  ").append(Console.plain(command));
    }
    return text.toString();
  }

  /** Return why the verdict is what it is, in a sentence. */
  String sentence(GateDecision verdict) {
    Target target = verdict.target();
    return switch (verdict.reason()) {
      case NO_STACK_EXISTS -> "there is no stack " + target + "; a deployment creates it";
      case STACK_IDLE -> target + " is idle" + status(verdict.stack());
      case ACTIVE_DEPLOYMENT_IN_PROGRESS, REGISTERED_DEPLOYMENT_IN_PROGRESS -> busy(verdict);
      case STACK_NEEDS_CLEANUP ->
          target
              + (verdict.canDeploy()
                  ? " needs cleaning up, which is allowed"
                  : " must be cleaned up first")
              + status(verdict.stack());
      case AWS_UNREACHABLE, AWS_ACCESS_DENIED -> "CloudFormation gave no answer about " + target;
    };
  }

  /** Return what to type next; empty when nothing is to be done. */
  List<String> commands(GateDecision verdict) {
    List<String> commands = cleanupCommands(verdict);
    verdict.stale().forEach(entry -> commands.add(cleanupCommand(entry)));
    return commands;
  }

  private List<String> cleanupCommands(GateDecision verdict) {
    List<String> commands = new ArrayList<>();
    Stack stack = verdict.stack();
    if (verdict.reason() == GateReason.STACK_NEEDS_CLEANUP && stack != null) {
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
        + "', or let 'acquire' take its place";
  }

  /**
   * Return who is in the way, since when and for how long still, in a few words for a line that
   * must be short.
   */
  String brief(GateDecision verdict) {
    Deployment entry = verdict.blocker();
    String who =
        entry != null
            ? entry.correlationId()
            : verdict.failure() != null ? "AWS is away" : "not registered";
    return who + times(verdict) + status(verdict.stack());
  }

  private String busy(GateDecision verdict) {
    Deployment entry = verdict.blocker();
    StringBuilder text = new StringBuilder(who(verdict)).append(entry == null ? ";" : "");
    text.append(times(verdict)).append(status(verdict.stack()));
    if (entry != null && !isQueued(entry) && entry.leaseExpired(time.now())) {
      text.append("; its lease ran out, and its stack was not seen idle");
    }
    return text.toString();
  }

  private String times(GateDecision verdict) {
    Instant since = since(verdict);
    if (since == null) {
      return "";
    }
    Instant now = time.now();
    String text =
        " since " + Timestamps.clock(since) + ", " + Durations.humane(Duration.between(since, now));
    if (verdict.blocker() != null && isQueued(verdict.blocker())) {
      return text;
    }
    Double left = typical.remainingMinutes(stackOf(verdict), since, now);
    return text
        + (left == null
            ? "; longer than usual"
            : "; about " + Math.round(Math.max(1, left)) + " min left");
  }

  private static boolean isQueued(Deployment entry) {
    return entry.status() == DeploymentStatus.QUEUED;
  }

  private static String who(GateDecision verdict) {
    Deployment entry = verdict.blocker();
    if (entry == null) {
      return "CloudFormation is at work on " + verdict.target() + ", and no entry says for whom";
    }
    String stack = entry.stackName() == null ? verdict.target().stackName() : entry.stackName();
    return entry.correlationId()
        + (isQueued(entry) ? " is next in the queue for " : " is deploying to ")
        + stack
        + (entry.environment() == null ? "" : " (" + entry.environment() + ")");
  }

  private @Nullable JsonObject active(GateDecision verdict) {
    Deployment entry = verdict.blocker();
    Stack stack = verdict.stack();
    if (verdict.reason() != GateReason.ACTIVE_DEPLOYMENT_IN_PROGRESS
        && verdict.reason() != GateReason.REGISTERED_DEPLOYMENT_IN_PROGRESS) {
      return null;
    }
    Instant since = since(verdict);
    Instant now = time.now();
    String status =
        entry != null ? entry.status().name() : stack == null ? null : stack.status().name();
    JsonObject json =
        new JsonObject()
            .put("correlation_id", entry == null ? null : entry.correlationId())
            .put(
                "environment", entry == null ? verdict.target().environment() : entry.environment())
            .put("stack_name", entry == null ? verdict.target().stackName() : entry.stackName())
            .put("status", status)
            .put("started_at", since == null ? null : Timestamps.format(since))
            .put(
                "elapsed_minutes",
                since == null ? null : TypicalDuration.elapsedMinutes(since, now))
            .put(
                "estimated_remaining_minutes",
                since == null ? null : typical.remainingMinutes(stackOf(verdict), since, now));
    if (stack != null) {
      json.put("stack_status", stack.status().name());
    }
    if (entry != null) {
      json.put("lease_expires_at", Timestamps.format(entry.leaseExpiresAt()));
    }
    return json;
  }

  private static @Nullable String stackOf(GateDecision verdict) {
    Deployment entry = verdict.blocker();
    return entry != null && entry.stackName() != null
        ? entry.stackName()
        : verdict.target().stackName();
  }

  private static @Nullable Instant since(GateDecision verdict) {
    Deployment entry = verdict.blocker();
    if (entry != null && entry.startedAt() != null) {
      return entry.startedAt();
    }
    if (entry != null && entry.queuedAt() != null) {
      return entry.queuedAt();
    }
    return verdict.stack() == null ? null : verdict.stack().operationStartedAt();
  }

  private static String status(@Nullable Stack stack) {
    return stack == null ? "" : " (" + stack.status() + ")";
  }

  private static String cleanupCommand(Deployment entry) {
    return "deployctl coordinator cleanup " + entry.correlationId();
  }
}
