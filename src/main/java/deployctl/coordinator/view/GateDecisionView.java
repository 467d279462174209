package deployctl.coordinator.view;

import deployctl.aws.cloudformation.Stack;
import deployctl.cli.Console;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.GateReason;
import deployctl.coordinator.lock.IdleDeployment;
import deployctl.coordinator.lock.KnownStack;
import deployctl.estimator.TypicalDuration;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.HoldState;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts decisions into JSON and into words. */
public final class GateDecisionView {
  private final TypicalDuration typical;
  private final Supplier<@Nullable String> region;
  private final Time time;

  /**
   * Make a view; {@code region} gives null where it is not known, and is asked at its first use.
   */
  public GateDecisionView(TypicalDuration typical, Supplier<@Nullable String> region, Time time) {
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
    json.putIfKnown("region", region(decision)).putIfKnown("account", account(decision));
    KnownStack elsewhere = decision.knownIn();
    if (elsewhere != null) {
      json.put(
          "known_in",
          new JsonObject()
              .put("region", elsewhere.region())
              .put("account", elsewhere.account())
              .put("correlation_id", elsewhere.correlationId()));
    }
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
    String target = where(decision);
    return switch (decision.reason()) {
      case NO_STACK_EXISTS ->
          "there is no stack "
              + target
              + (decision.knownIn() == null
                  ? "; a deployment creates it"
                  : elsewhere(decision.knownIn()));
      case STACK_IDLE -> target + " is idle" + status(decision.stack()) + halfway(decision.stack());
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

  private @Nullable String region(GateDecision decision) {
    String known = decision.stack() == null ? null : decision.stack().region();
    return known != null ? known : region.get();
  }

  private static @Nullable String account(GateDecision decision) {
    return decision.stack() == null ? null : decision.stack().account();
  }

  /** Return the stack with all that tells it from others of its name. */
  private String where(GateDecision decision) {
    String there = region(decision);
    String account = account(decision);
    return decision.target().stackName()
        + " ("
        + decision.target().environment()
        + (there == null ? "" : ", " + there)
        + (account == null ? "" : ", account " + account)
        + ")";
  }

  private static String elsewhere(KnownStack known) {
    return ", and "
        + known.correlationId()
        + " deployed it in "
        + known.region()
        + (known.account() == null ? "" : " (account " + known.account() + ")")
        + ": ask there (--region, --profile), or say --new-stack to make it here";
  }

  /** Return what is special about the stack that a lock was got for. */
  public Optional<String> halfway(AcquireResult.Acquired acquired) {
    Stack stack = acquired.stack();
    if (stack == null) {
      return Optional.empty();
    }
    String name = stack.name() + " is " + stack.status();
    return stack.status().needsCleanup()
        ? Optional.of(name + ": the command has to clean up or replace it")
        : stack.status().halfway() ? Optional.of(name + halfway(stack)) : Optional.empty();
  }

  /** Return what is special about a stack on which a failed update was left as it was. */
  private String halfway(@Nullable Stack stack) {
    return stack != null && stack.status().halfway()
        ? "; its last update failed and was not rolled back: an update without rollback keeps what"
            + " succeeded ('cdk deploy --no-rollback'), and '"
            + rollBack(stack)
            + "' takes it back first"
        : "";
  }

  private String rollBack(Stack stack) {
    return "aws cloudformation rollback-stack --stack-name " + stack.name() + inRegion();
  }

  private String inRegion() {
    String here = region.get();
    return here == null ? "" : " --region " + here;
  }

  /** Return what to type next; empty when nothing is to be done. */
  List<String> commands(GateDecision decision) {
    List<String> commands = cleanupCommands(decision);
    decision.stale().forEach(entry -> commands.add(cleanupCommand(entry)));
    return commands;
  }

  /** Return the commands that clean up the stack; empty where it needs none. */
  public List<String> cleanupCommands(GateDecision decision) {
    List<String> commands = new ArrayList<>();
    Stack stack = decision.stack();
    if (decision.reason() == GateReason.STACK_NEEDS_CLEANUP && stack != null) {
      String rest = " --stack-name " + stack.name() + inRegion();
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
        + " is stale: "
        + entry.hold(time.now()).describe(entry)
        + ", and nothing is at work on its stack. Remove it with '"
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
    return who + times(decision) + workingStatus(decision.stack());
  }

  private String busy(GateDecision decision) {
    Deployment entry = decision.blocker();
    StringBuilder text = new StringBuilder(who(decision)).append(entry == null ? ";" : "");
    text.append(times(decision)).append(workingStatus(decision.stack()));
    if (entry != null && !isQueued(entry)) {
      text.append(holding(entry, decision.stack()));
    }
    return text.toString();
  }

  /** Return what is to be known of how the entry holds its lock, beyond that it does. */
  private String holding(Deployment entry, @Nullable Stack stack) {
    HoldState hold = entry.hold(time.now());
    if (hold.freeable()) {
      return "; " + hold.describe(entry) + ", and its stack was not seen idle";
    }
    if (hold == HoldState.ALIVE && entry.ownerDead()) {
      return "; " + hold.describe(entry);
    }
    if (entry.operationEndedAt() != null) {
      return "; " + HoldState.ENDED.describe(entry) + ", and " + hold.describe(entry);
    }
    // Without an answer of CloudFormation nothing is known of what it does.
    return stack != null && IdleDeployment.isIdle(entry, stack, time.now())
        ? "; "
            + IdleDeployment.SENTENCE
            + status(stack)
            + ": when nobody is at it, '"
            + cleanupCommand(entry)
            + "' frees the lock"
        : "";
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
    if (operationOver(decision)) {
      return text;
    }
    Double left = typical.remainingMinutes(stackOf(decision), since, now);
    Stack stack = decision.stack();
    boolean idle = stack != null && !stack.status().inProgress();
    return text
        + (left == null
            ? idle ? "" : "; longer than usual"
            : "; about " + Math.round(Math.max(1, left)) + " min left");
  }

  /** Tell whether the operation has ended: then nobody is told a time left. */
  private static boolean operationOver(GateDecision decision) {
    Deployment entry = decision.blocker();
    Stack stack = decision.stack();
    if (entry == null || isQueued(entry)) {
      return false;
    }
    Instant started = entry.startedAt();
    Instant operation = stack == null ? null : stack.operationStartedAt();
    return entry.operationEndedAt() != null
        || stack != null
            && !stack.status().inProgress()
            && started != null
            && operation != null
            && !operation.isBefore(started);
  }

  private static boolean isQueued(Deployment entry) {
    return entry.status() == DeploymentStatus.QUEUED;
  }

  private String who(GateDecision decision) {
    Deployment entry = decision.blocker();
    if (entry == null) {
      return "CloudFormation is at work on " + where(decision) + ", and no entry says for whom";
    }
    String stack = entry.stackName() == null ? decision.target().stackName() : entry.stackName();
    return entry.correlationId()
        + (isQueued(entry) ? " is next in the queue for " : " is deploying to ")
        + stack
        + at(entry);
  }

  private String at(Deployment entry) {
    String there = entry.region() != null ? entry.region() : region.get();
    List<String> parts = new ArrayList<>();
    if (entry.environment() != null) {
      parts.add(entry.environment());
    }
    if (there != null) {
      parts.add(there);
    }
    return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
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
                since == null || operationOver(decision)
                    ? null
                    : typical.remainingMinutes(stackOf(decision), since, now));
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

  private static String workingStatus(@Nullable Stack stack) {
    return stack == null || !stack.status().inProgress() ? "" : status(stack);
  }

  private static String status(@Nullable Stack stack) {
    return stack == null ? "" : " (" + stack.status() + ")";
  }

  private static String cleanupCommand(Deployment entry) {
    return "deployctl coordinator cleanup " + entry.correlationId();
  }
}
