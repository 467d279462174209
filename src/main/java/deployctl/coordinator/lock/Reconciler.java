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
  private final DeploymentFactory entries;
  private final Journal journal;
  private final Time time;

  Reconciler(
      Registry registry, Stacks stacks, DeploymentFactory entries, Journal journal, Time time) {
    this.registry = registry;
    this.stacks = stacks;
    this.entries = entries;
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
      StackState view = new StackLookup(stacks, target.stackName()).view(target.stackName());
      if (view instanceof StackState.Unknown unknown) {
        unanswered.add(target + ": " + unknown.failure().what());
      } else if (view instanceof StackState.Busy busy) {
        registerFound(target, busy.stack()).ifPresent(registered::add);
      }
    }
    return new Reconciliation(registered, unanswered);
  }

  private Optional<Deployment> registerFound(Target target, Stack stack) {
    Optional<Deployment> entry =
        registry.update(
            document -> {
              if (!DeploymentGate.holders(document, target, null).isEmpty()) {
                return Optional.empty();
              }
              Deployment found =
                  entries.found(
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
