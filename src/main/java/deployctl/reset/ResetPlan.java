package deployctl.reset;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryUnavailable;
import deployctl.retryqueue.QueueInspection;
import deployctl.support.Failure;
import deployctl.target.Target;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What there is now and what each step would do.
 *
 * @param stack null when there is none
 * @param resources how many resources the stack has; -1 where that is not known
 */
record ResetPlan(Target target, @Nullable Stack stack, int resources, List<ResetStep> steps) {
  /** What is asked for. */
  record ResetRequest(Set<ResetStep.StepName> only, boolean deploy, List<String> retain) {}

  /**
   * Look at everything.
   *
   * @throws AwsFailure when AWS does not say whether there is a stack and it is to be deleted:
   *     doubt is no plan
   */
  static ResetPlan make(ResetContext context, Target target, ResetRequest wishes) {
    Set<ResetStep.StepName> wanted =
        wishes.only().isEmpty() ? EnumSet.allOf(ResetStep.StepName.class) : wishes.only();
    boolean toDelete = wanted.contains(ResetStep.StepName.STACK);
    Stacks stacks = context.monitoring().stacks().get();
    Stack stack = null;
    int resources = -1;
    try {
      Optional<Stack> found =
          stacks.find(target.stackName()).filter(one -> !one.status().deleted());
      stack = found.orElse(null);
      resources = stack == null ? 0 : toDelete ? count(stacks, stack) : -1;
    } catch (AwsFailure e) {
      if (toDelete) {
        throw e;
      }
      context.console().warn("Whether a deployment is in progress is not known: " + e.what());
    }
    List<ResetStep> steps = new ArrayList<>();
    for (ResetStep.StepName name : ResetStep.StepName.values()) {
      boolean asked =
          wanted.contains(name) && (name != ResetStep.StepName.DEPLOY || wishes.deploy());
      steps.add(
          asked
              ? new ResetStep(
                  name,
                  ResetStep.StepStatus.PLANNED,
                  detail(context, name, target, stack, resources, wishes))
              : new ResetStep(name, ResetStep.StepStatus.SKIPPED, "not asked for"));
    }
    return new ResetPlan(target, stack, resources, steps);
  }

  private static int count(Stacks stacks, Stack stack) {
    try {
      return stacks.resources(stack.name()).size();
    } catch (AwsFailure e) {
      return -1;
    }
  }

  private static String detail(
      ResetContext context,
      ResetStep.StepName name,
      Target target,
      @Nullable Stack stack,
      int resources,
      ResetRequest wishes) {
    return switch (name) {
      case MONITORS -> monitors(context);
      case STACK -> stackWords(target, stack, resources, wishes);
      case LEFT_OVERS ->
          "look for what still carries the tag or the names of " + target.stackName();
      case REGISTRY -> registry(context, target);
      case QUEUE -> queue(context);
      case PREFLIGHT -> "see whether a deployment could begin";
      case DEPLOY -> "start the workflow through gh";
    };
  }

  private static String monitors(ResetContext context) {
    List<String> running =
        context.monitoring().store().get().all().stream()
            .filter(state -> state.running() || state.recoveryRunning())
            .map(MonitorState::correlationId)
            .toList();
    return running.isEmpty() ? "none runs" : "stop those of " + String.join(", ", running);
  }

  private static String stackWords(
      Target target, @Nullable Stack stack, int resources, ResetRequest wishes) {
    if (stack == null) {
      return "there is no stack " + target.stackName();
    }
    return "delete "
        + stack.name()
        + " ("
        + stack.status()
        + (resources < 0 ? "" : ", " + resources + " resources")
        + (stack.terminationProtection() ? ", protected against termination" : "")
        + ")"
        + (wishes.retain().isEmpty()
            ? ""
            : ", leaving " + String.join(", ", wishes.retain()) + " behind")
        + "; it cannot be taken back";
  }

  private static String registry(ResetContext context, Target target) {
    try {
      List<Deployment> all = context.diagnosing().quietRegistry().get().read().deployments();
      List<String> alive =
          all.stream()
              .filter(entry -> !entry.status().finished())
              .filter(entry -> entry.concerns(target.environment(), target.stackName()))
              .map(entry -> entry.correlationId() + " (" + entry.status() + ")")
              .toList();
      return "back up and make anew; it holds "
          + all.size()
          + (all.size() == 1 ? " deployment" : " deployments")
          + (alive.isEmpty()
              ? ""
              : "; these lose their place, and a 'coordinator run' behind them ends: "
                  + String.join(", ", alive));
    } catch (RegistryUnavailable e) {
      return "back up and make anew; it cannot be used: " + e.what();
    }
  }

  private static String queue(ResetContext context) {
    try {
      QueueInspection.Standing standing = context.queue().get().look();
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
