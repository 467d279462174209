package deployctl.diagnose.check;

import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleField;
import deployctl.operation.OperationFailure;
import deployctl.support.text.Shell;
import deployctl.support.time.Timestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What it means that CloudFormation says of a resource that it failed. */
public final class ResourceFailures {
  private final DiagnosisRun run;

  /** Make it for a run. */
  public ResourceFailures(DiagnosisRun run) {
    this.run = run;
  }

  /** Return the finding that a failure is, without looking further. */
  public Finding finding(OperationFailure failure) {
    return finding(failure, run.match(RuleField.STACK_EVENT, failure.reason()));
  }

  /** Return the finding that a failure is, by the rule that its reason fits. */
  public Finding finding(OperationFailure failure, Optional<Rule> rule) {
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
    return Finding.cause(
        code, title, evidence, failure.logicalId(), remediation(failure, rule, code));
  }

  private static FindingCode code(OperationFailure failure, Optional<Rule> rule) {
    String type = failure.type();
    if (type.startsWith("Custom::") || type.equals("AWS::CloudFormation::CustomResource")) {
      return FindingCode.CUSTOM_RESOURCE_FAILED;
    }
    FindingCode known = rule.map(r -> r.code()).orElse(null);
    if (known != null) {
      return known;
    }
    return type.startsWith("AWS::RDS::DB")
        ? FindingCode.RDS_CREATION_FAILED
        : FindingCode.RESOURCE_FAILED;
  }

  /** Return AWS's words on a failure, for evidence. */
  public static String said(OperationFailure failure) {
    return "CloudFormation, "
        + Timestamps.format(failure.at())
        + ", "
        + failure.logicalId()
        + " "
        + failure.status()
        + ": "
        + (failure.reason().isEmpty() ? "(no reason)" : DiagnosisRun.quoted(failure.reason()));
  }

  private Remediation remediation(OperationFailure failure, Optional<Rule> rule, FindingCode code) {
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
        rule.map(Rule::remediation)
            .orElse("Read AWS's words, mend what they name, then deploy again");
    return Remediation.of(summary, commands);
  }
}
