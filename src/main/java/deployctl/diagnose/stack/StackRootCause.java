package deployctl.diagnose.stack;

import deployctl.aws.cloudformation.Stack;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.ecs.EcsDiagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.diagnose.rds.RdsDiagnostic;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleField;
import deployctl.operation.OperationFailure;
import deployctl.operation.ResourceRun;
import deployctl.operation.StackOperation;
import deployctl.support.text.Shell;
import deployctl.support.time.Timestamps;
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
public final class StackRootCause {
  private static final int SHOWN_FOLLOWERS = 5;

  private final DiagnosisRun run;
  private final Stack stack;
  private final StackOperation operation;

  public StackRootCause(DiagnosisRun run, Stack stack, StackOperation operation) {
    this.run = run;
    this.stack = stack;
    this.operation = operation;
  }

  /** Add why the operation failed, and what failed beside it. */
  void find() {
    Optional<OperationFailure> root = rootCause();
    if (root.isEmpty()) {
      return;
    }
    List<Finding> found = new ArrayList<>(causes(root.get()));
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
    causes(failure).forEach(f -> run.add(f.at(Finding.Place.CONSEQUENCE)));
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

  /** Return what a refusal means, without looking further. */
  public List<Finding> refusal(OperationFailure failure) {
    return List.of(finding(failure, run.match(RuleField.STACK_EVENT, failure.reason())));
  }

  private List<Finding> causes(OperationFailure failure) {
    Optional<Rule> rule = run.match(RuleField.STACK_EVENT, failure.reason());
    boolean answer = rule.map(r -> r.kind() != Rule.RuleKind.SYMPTOM).orElse(false);
    if (!answer) {
      List<Finding> deeper = deeper(failure.type(), failure.physicalId());
      if (!deeper.isEmpty()) {
        return deeper.stream().map(f -> f.with(List.of(said(failure)))).toList();
      }
    }
    return List.of(finding(failure, rule));
  }

  private List<Finding> deeper(String type, @org.jspecify.annotations.Nullable String id) {
    if (type.equals("AWS::ECS::Service")) {
      return EcsDiagnostic.below(run, id, operation.startedAt()).stream()
          .filter(Finding::problem)
          .toList();
    }
    return type.equals("AWS::RDS::DBInstance")
        ? RdsDiagnostic.below(run, id).stream().filter(Finding::problem).toList()
        : List.of();
  }

  /** Look into what is in progress; what is wrong there is why the stack will fail. */
  List<Finding> below(ResourceRun pending) {
    String type = pending.type();
    if (type.equals("AWS::ECS::Service")) {
      return EcsDiagnostic.below(run, pending.physicalId(), null);
    }
    return type.equals("AWS::RDS::DBInstance") && pending.status().startsWith("CREATE")
        ? RdsDiagnostic.below(run, pending.physicalId())
        : List.of();
  }

  private Finding finding(OperationFailure failure, Optional<Rule> rule) {
    FindingCode code = code(failure, rule);
    String what = failure.logicalId() + " (" + failure.type() + ")";
    List<String> evidence = new ArrayList<>(List.of(said(failure)));
    if (failure.physicalId() != null && !failure.physicalId().isEmpty()) {
      evidence.add("physical id: " + DiagnosisRun.quoted(failure.physicalId()));
    }
    if (rule.isEmpty()) {
      evidence.add(
          failure.reason().isEmpty()
              ? "AWS gave no reason"
              : "unknown: no rule knows this message; it stands here word for word");
    } else if (!rule.get().link().isEmpty()) {
      evidence.add("see " + rule.get().link());
    }
    String title =
        what
            + " failed"
            + rule.map(r -> ": " + r.meaning())
                .orElse(failure.reason().isEmpty() ? "" : ", for a reason that is not known here");
    return Finding.cause(code, title, evidence, failure.logicalId(), remedy(failure, rule, code));
  }

  private static FindingCode code(OperationFailure failure, Optional<Rule> rule) {
    String type = failure.type();
    if (type.startsWith("Custom::") || type.equals("AWS::CloudFormation::CustomResource")) {
      return FindingCode.CUSTOM_RESOURCE_FAILED;
    }
    FindingCode known = rule.map(r -> FindingCode.find(r.code())).orElse(null);
    if (known != null) {
      return known;
    }
    return type.startsWith("AWS::RDS::DB")
        ? FindingCode.RDS_CREATION_FAILED
        : FindingCode.RESOURCE_FAILED;
  }

  private String said(OperationFailure failure) {
    return "CloudFormation, "
        + Timestamps.format(failure.at())
        + ", "
        + failure.logicalId()
        + " "
        + failure.status()
        + ": "
        + (failure.reason().isEmpty() ? "(no reason)" : DiagnosisRun.quoted(failure.reason()));
  }

  private Remediation remedy(OperationFailure failure, Optional<Rule> rule, FindingCode code) {
    List<String> commands = new ArrayList<>();
    String id = failure.physicalId();
    String name = id == null ? "" : Shell.quote(id);
    switch (code) {
      case NOT_EMPTY -> {
        if (!name.isEmpty() && failure.type().equals("AWS::S3::Bucket")) {
          commands.add(run.aws("s3 rm s3://" + name + " --recursive"));
        }
      }
      case DELETION_PROTECTED -> {
        if (!name.isEmpty() && failure.type().equals("AWS::RDS::DBInstance")) {
          commands.add(
              run.aws(
                  "rds modify-db-instance --db-instance-identifier "
                      + name
                      + " --no-deletion-protection --apply-immediately"));
        } else if (!name.isEmpty() && failure.type().endsWith("::LoadBalancer")) {
          commands.add(
              run.aws(
                  "elbv2 modify-load-balancer-attributes --load-balancer-arn "
                      + name
                      + " --attributes Key=deletion_protection.enabled,Value=false"));
        }
      }
      case DEPENDENCY_VIOLATION -> {
        if (failure.type().equals("AWS::EC2::SecurityGroup") && !name.isEmpty()) {
          commands.add(
              run.aws("ec2 describe-network-interfaces --filters Name=group-id,Values=" + name));
        } else if (failure.type().equals("AWS::EC2::Subnet") && !name.isEmpty()) {
          commands.add(
              run.aws("ec2 describe-network-interfaces --filters Name=subnet-id,Values=" + name));
        } else if (failure.type().equals("AWS::EC2::VPC") && !name.isEmpty()) {
          commands.add(
              run.aws("ec2 describe-network-interfaces --filters Name=vpc-id,Values=" + name));
        }
      }
      case EXPORT_IN_USE -> {
        java.util.regex.Matcher export =
            java.util.regex.Pattern.compile("Export (\\S+) cannot").matcher(failure.reason());
        if (export.find()) {
          commands.add(
              run.aws("cloudformation list-imports --export-name " + Shell.quote(export.group(1))));
        }
      }
      default -> {}
    }
    boolean deleting = failure.status().equals("DELETE_FAILED");
    if (!deleting) {
      commands.add(run.deploy());
    }
    String summary =
        rule.map(Rule::remedy).orElse("Read AWS's words, mend what they name, then deploy again");
    return Remediation.of(summary, commands);
  }
}
