package deployctl.reset;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackResource;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.retryqueue.QueueInspection;
import deployctl.state.StateUnavailable;
import deployctl.support.Failure;
import deployctl.target.Target;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at everything that a reset would change, and says what each step would do. */
public final class ResetPlanner {
  private final ResetActions.ResetState state;
  private final Supplier<Stacks> stacks;
  private final Supplier<Registry> registry;
  private final Console console;

  /** Make a planner; {@code registry} is one that warns of nothing. */
  public ResetPlanner(
      ResetActions.ResetState state,
      Supplier<Stacks> stacks,
      Supplier<Registry> registry,
      Console console) {
    this.state = state;
    this.stacks = stacks;
    this.registry = registry;
    this.console = console;
  }

  /**
   * Look at everything.
   *
   * @throws AwsFailure when AWS does not say whether there is a stack and it is to be deleted:
   *     doubt is no plan
   */
  ResetPlan make(Target target, ResetPlan.ResetRequest request) {
    Set<ResetStep.StepName> wanted =
        request.only().isEmpty() ? EnumSet.allOf(ResetStep.StepName.class) : request.only();
    boolean toDelete = wanted.contains(ResetStep.StepName.STACK);
    Stack stack = null;
    List<StackResource> resources = null;
    try {
      Optional<Stack> found =
          stacks.get().find(target.stackName()).filter(one -> !one.status().deleted());
      stack = found.orElse(null);
      resources = stack == null ? List.of() : toDelete ? resources(stack) : null;
    } catch (AwsFailure e) {
      if (toDelete) {
        throw e;
      }
      console.warn("Whether a deployment is in progress is not known: " + e.what());
    }
    List<ResetStep> steps = new ArrayList<>();
    for (ResetStep.StepName name : ResetStep.StepName.values()) {
      boolean asked =
          wanted.contains(name) && (name != ResetStep.StepName.DEPLOY || request.deploy());
      steps.add(
          asked
              ? new ResetStep(
                  name,
                  ResetStep.StepStatus.PLANNED,
                  detail(name, target, stack, resources, request))
              : new ResetStep(name, ResetStep.StepStatus.SKIPPED, "not asked for"));
    }
    return new ResetPlan(target, stack, resources == null ? -1 : resources.size(), steps);
  }

  private @Nullable List<StackResource> resources(Stack stack) {
    try {
      return stacks.get().resources(stack.name());
    } catch (AwsFailure e) {
      return null;
    }
  }

  private String detail(
      ResetStep.StepName name,
      Target target,
      @Nullable Stack stack,
      @Nullable List<StackResource> resources,
      ResetPlan.ResetRequest request) {
    return switch (name) {
      case MONITORS -> monitors();
      case STACK -> describeStack(target, stack, resources, request);
      case LEFT_OVERS ->
          "look for what still carries the tag or the names of " + target.stackName();
      case REGISTRY -> registry(target);
      case QUEUE -> queue();
      case PREFLIGHT -> "see whether a deployment could begin";
      case DEPLOY -> "start the workflow through gh";
    };
  }

  private String monitors() {
    List<String> running =
        state.monitors().get().all().stream()
            .filter(one -> one.running() || one.recoveryRunning())
            .map(MonitorState::correlationId)
            .toList();
    return running.isEmpty() ? "none runs" : "stop those of " + String.join(", ", running);
  }

  private String describeStack(
      Target target,
      @Nullable Stack stack,
      @Nullable List<StackResource> resources,
      ResetPlan.ResetRequest request) {
    if (stack == null) {
      return "there is no stack " + target.stackName();
    }
    return "delete "
        + stack.name()
        + " ("
        + stack.status()
        + (resources == null ? "" : ", " + resources.size() + " resources")
        + (stack.terminationProtection() ? ", protected against termination" : "")
        + ")"
        + (request.retain().isEmpty()
            ? ""
            : ", leaving " + String.join(", ", request.retain()) + " behind")
        + databases(resources)
        + "; it cannot be taken back";
  }

  private static String databases(@Nullable List<StackResource> resources) {
    List<String> names = resources == null ? List.of() : StackDatabases.named(resources);
    return names.isEmpty()
        ? ""
        : ", with "
            + (names.size() == 1 ? "the database " : "the databases ")
            + String.join(", ", names)
            + ": what they hold is lost, but for a last snapshot where their DeletionPolicy says so";
  }

  private String registry(Target target) {
    try {
      List<Deployment> all = registry.get().read().deployments();
      List<Deployment> active =
          all.stream()
              .filter(entry -> !entry.status().finished())
              .filter(entry -> entry.concerns(target.environment(), target.stackName()))
              .toList();
      String alive = names(active.stream().filter(Deployment::lives));
      String dropped = names(active.stream().filter(entry -> !entry.lives()));
      return "back up and make anew; it holds "
          + all.size()
          + (all.size() == 1 ? " deployment" : " deployments")
          + (dropped.isEmpty() ? "" : "; these lose the lock: " + dropped)
          + (alive.isEmpty() ? "" : "; these live on this machine and keep it: " + alive);
    } catch (StateUnavailable e) {
      return "back up and make anew; it cannot be used: " + e.what();
    }
  }

  private static String names(Stream<Deployment> entries) {
    return entries
        .map(entry -> entry.correlationId() + " (" + entry.status() + ")")
        .collect(Collectors.joining(", "));
  }

  private String queue() {
    try {
      QueueInspection.Standing standing = state.queue().get().standing();
      return "back up and clear; "
          + standing.queued()
          + " messages wait, "
          + standing.dead()
          + " were given up";
    } catch (Failure e) {
      return "back up and clear; it cannot be read: " + e.what();
    }
  }
}
