package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.registry.Deployment;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares the registry with CloudFormation and registers what only CloudFormation knows. */
final class Reconciler {
  private final Registry registry;
  private final Stacks stacks;
  private final DeploymentFactory factory;
  private final Journal journal;
  private final Time time;

  Reconciler(
      Registry registry, Stacks stacks, DeploymentFactory factory, Journal journal, Time time) {
    this.registry = registry;
    this.stacks = stacks;
    this.factory = factory;
    this.journal = journal;
    this.time = time;
  }

  /**
   * Give every deployment that CloudFormation shows active on {@code targets} an entry, where it
   * has none.
   */
  Reconciliation reconcile(List<Target> targets) {
    List<Deployment> registered = new ArrayList<>();
    List<String> unanswered = new ArrayList<>();
    for (Target target : targets) {
      StackState state = new StackLookup(stacks, target.stackName()).state();
      if (state instanceof StackState.Unknown unknown) {
        unanswered.add(target + ": " + unknown.failure().what());
      } else if (state instanceof StackState.Busy busy) {
        registerFound(target, busy.stack()).ifPresent(registered::add);
      }
    }
    return new Reconciliation(registered, unanswered);
  }

  private Optional<Deployment> registerFound(Target target, Stack stack) {
    Optional<Deployment> entry =
        registry.update(
            document -> {
              if (!document.holders(target.environment(), target.stackName(), null).isEmpty()) {
                return Optional.empty();
              }
              Deployment found =
                  factory.found(
                      target, stack, document.nextFencingToken(target.environment()), time.now());
              document.put(found);
              return Optional.of(found);
            });
    entry.ifPresent(
        e ->
            journal.record(
                "coordinator repair", e.correlationId(), "registered " + stack.status()));
    return entry;
  }
}
