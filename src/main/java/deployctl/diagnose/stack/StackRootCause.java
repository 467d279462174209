package deployctl.diagnose.stack;

import deployctl.aws.cloudformation.Stack;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.ResourceFailures;
import deployctl.diagnose.ecs.EcsDiagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.rds.RdsDiagnostic;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleField;
import deployctl.operation.OperationFailure;
import deployctl.operation.ResourceRun;
import deployctl.operation.StackOperation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why resources of a stack failed: the first real failure in time, followed into the service where
 * the stack only shows a symptom.
 */
final class StackRootCause {
  private static final int SHOWN_FOLLOWERS = 5;

  private final DiagnosisRun run;
  private final Stack stack;
  private final StackOperation operation;
  private final EcsDiagnostic ecs;
  private final ResourceFailures failures;

  StackRootCause(DiagnosisRun run, Stack stack, StackOperation operation, EcsDiagnostic ecs) {
    this.ecs = ecs;
    this.failures = new ResourceFailures(run);
    this.run = run;
    this.stack = stack;
    this.operation = operation;
  }

  /** Add why the operation failed, and what failed beside it. */
  void find() {
    Optional<OperationFailure> root = rootCause();
    if (root.isEmpty()) {
      operation.rollbackFailure().ifPresent(this::addConsequence);
      return;
    }
    List<Finding> found = new ArrayList<>(rootCauses(root.get()));
    List<String> followed = followers(root.get());
    if (!followed.isEmpty() && !found.isEmpty()) {
      found.set(0, found.get(0).with(followed));
    }
    found.forEach(run::add);
    if (stack.status().name().equals("DELETE_FAILED")) {
      // Each of them has to go before the stack does.
      others(root.get()).forEach(this::addConsequence);
    }
    operation.rollbackFailure().ifPresent(this::addConsequence);
  }

  private void addConsequence(OperationFailure failure) {
    rootCauses(failure).forEach(f -> run.add(f.at(Finding.FindingRole.CONSEQUENCE)));
  }

  /** The first failure in time that says something; what only follows or waits says nothing. */
  private Optional<OperationFailure> rootCause() {
    List<OperationFailure> ordered =
        operation.failures().stream()
            .sorted(Comparator.comparing(OperationFailure::at))
            .filter(failure -> !failure.follows() && !noise(failure))
            .toList();
    Optional<OperationFailure> ofResource =
        ordered.stream().filter(failure -> !failure.stackItself()).findFirst();
    Instant turn = operation.rollbackSince();
    boolean later =
        turn != null && ofResource.map(failure -> failure.at().isAfter(turn)).orElse(false);
    if (later && operation.turnReason().isPresent()) {
      // It had turned back before anything failed: what failed on the way back is not why.
      return Optional.empty();
    }
    return ofResource.isPresent() ? ofResource : ordered.stream().findFirst();
  }

  private boolean noise(OperationFailure failure) {
    return run.match(RuleField.STACK_EVENT, failure.reason())
        .map(rule -> !rule.kind().cause())
        .orElse(false);
  }

  private List<OperationFailure> others(OperationFailure root) {
    Map<String, OperationFailure> each = new LinkedHashMap<>();
    operation.failures().stream()
        .filter(failure -> failure.status().equals("DELETE_FAILED"))
        .filter(failure -> !failure.follows() && !failure.stackItself() && !noise(failure))
        .filter(failure -> !failure.logicalId().equals(root.logicalId()))
        .forEach(failure -> each.putIfAbsent(failure.logicalId(), failure));
    return List.copyOf(each.values());
  }

  private List<String> followers(OperationFailure root) {
    List<String> ids =
        operation.failures().stream()
            .filter(failure -> !failure.stackItself())
            .filter(failure -> !failure.logicalId().equals(root.logicalId()))
            .map(OperationFailure::logicalId)
            .distinct()
            .toList();
    if (ids.isEmpty()) {
      return List.of();
    }
    String shown = String.join(", ", ids.subList(0, Math.min(SHOWN_FOLLOWERS, ids.size())));
    int more = ids.size() - SHOWN_FOLLOWERS;
    return List.of("then failed: " + shown + (more > 0 ? " and " + more + " more" : ""));
  }

  private List<Finding> rootCauses(OperationFailure failure) {
    Optional<Rule> rule = run.match(RuleField.STACK_EVENT, failure.reason());
    boolean answer = rule.map(r -> r.kind() != Rule.RuleKind.SYMPTOM).orElse(false);
    if (!answer) {
      List<Finding> deeper = deeper(failure.type(), failure.physicalId());
      if (!deeper.isEmpty()) {
        return deeper.stream().map(f -> f.with(List.of(ResourceFailures.said(failure)))).toList();
      }
    }
    return List.of(failures.finding(failure, rule));
  }

  private List<Finding> deeper(String type, @org.jspecify.annotations.Nullable String id) {
    if (type.equals("AWS::ECS::Service")) {
      return ecs.below(run, id, operation.startedAt()).stream().filter(Finding::problem).toList();
    }
    return type.equals("AWS::RDS::DBInstance")
        ? RdsDiagnostic.below(run, id).stream().filter(Finding::problem).toList()
        : List.of();
  }

  /** Look into what is in progress; what is wrong there is why the stack will fail. */
  List<Finding> below(ResourceRun pending) {
    String type = pending.type();
    if (type.equals("AWS::ECS::Service")) {
      return ecs.below(run, pending.physicalId(), null);
    }
    return type.equals("AWS::RDS::DBInstance") && pending.status().startsWith("CREATE")
        ? RdsDiagnostic.below(run, pending.physicalId())
        : List.of();
  }
}
