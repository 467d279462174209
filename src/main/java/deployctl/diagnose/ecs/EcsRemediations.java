package deployctl.diagnose.ecs;

import deployctl.aws.ImageName;
import deployctl.aws.TaskDefinition;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be done about a service, as complete commands. */
final class EcsRemediations {
  private static final List<FindingCode> STARTS_ANEW =
      List.of(
          FindingCode.IMAGE_PULL_RATE_LIMITED,
          FindingCode.INSUFFICIENT_CAPACITY,
          FindingCode.SPOT_INTERRUPTED);

  private final EcsInspection inspection;
  private final DiagnosisRun run;

  EcsRemediations(EcsInspection inspection) {
    this.inspection = inspection;
    this.run = inspection.run();
  }

  /**
   * Return the remediation for a cause.
   *
   * @param message what the rule advises, or null where there is none
   */
  Remediation of(FindingCode code, @Nullable String message, Optional<TaskDefinition> found) {
    TaskDefinition definition = found.orElse(null);
    List<String> commands = new ArrayList<>();
    String role = definition == null ? null : definition.executionRoleArn();
    switch (code) {
      case IMAGE_PULL_DENIED, ACCESS_DENIED, ROLE_NOT_ASSUMABLE, SECRET_ACCESS_DENIED -> {
        if (role != null) {
          String name = Shell.quote(role.substring(role.lastIndexOf('/') + 1));
          commands.add(run.aws("iam get-role --role-name " + name));
          commands.add(run.aws("iam list-attached-role-policies --role-name " + name));
        }
      }
      case SUBNET_IPS_EXHAUSTED, NETWORK_UNREACHABLE -> {
        List<String> subnets =
            inspection.service().get().flatMap(s -> s).map(s -> s.subnets()).orElse(List.of());
        if (!subnets.isEmpty()) {
          String ids = String.join(" ", subnets.stream().map(Shell::quote).toList());
          commands.add(run.aws("ec2 describe-subnets --subnet-ids " + ids));
          if (code == FindingCode.NETWORK_UNREACHABLE) {
            commands.add(
                run.aws(
                    "ec2 describe-route-tables --filters Name=association.subnet-id,Values="
                        + String.join(",", subnets.stream().map(Shell::quote).toList())));
          }
        }
      }
      case QUOTA_EXCEEDED ->
          commands.add(
              run.aws(
                  "service-quotas get-service-quota --service-code fargate --quota-code "
                      + Shell.quote(run.names().fargateQuota())));
      case NO_CONTAINER_INSTANCES ->
          commands.add(
              run.aws(
                  "ecs list-container-instances --cluster "
                      + Shell.quote(inspection.clusterName())));
      default -> {}
    }
    if (STARTS_ANEW.contains(code)) {
      return anew(message == null ? "Start the tasks anew" : message, commands);
    }
    commands.add(describe());
    return Remediation.of(
        message == null ? "Read AWS's words, mend what they name, then deploy again" : message,
        commands);
  }

  /** Start the service's tasks anew; nothing is lost by it. */
  private Remediation anew(String message, List<String> before) {
    List<String> commands = new ArrayList<>(before);
    commands.add(force());
    Remediation remediation = Remediation.of(message + " Then start the tasks anew", commands);
    if (inspection.service().get().flatMap(s -> s).filter(s -> s.active()).isEmpty()) {
      return remediation;
    }
    return remediation.automatically(
        "Start the tasks of "
            + inspection.serviceName()
            + " in "
            + inspection.clusterName()
            + " anew?",
        () -> {
          run.gateways()
              .services()
              .get()
              .forceNewDeployment(inspection.clusterName(), inspection.serviceName());
          return "a new deployment of " + inspection.serviceName() + " has begun";
        });
  }

  /** Make the secret, whose text a person types. */
  Remediation createSecret(String name, List<String> keys) {
    String shape = keys.isEmpty() ? "its text" : "a JSON object with " + String.join(", ", keys);
    Remediation remediation =
        Remediation.of(
            "Create the secret with " + shape + ", typed at a prompt, then start the tasks anew",
            "read -rs SECRET && "
                + run.aws("secretsmanager create-secret --name " + Shell.quote(name))
                + " --secret-string file://<(printf %s \"$SECRET\"); unset SECRET",
            force());
    return remediation.automatically("Create the secret " + name + "?", () -> create(name, keys));
  }

  private String create(String name, List<String> keys) {
    if (run.gateways().secrets().get().find(name).isPresent()) {
      return "the secret " + name + " is there already";
    }
    String text;
    if (keys.isEmpty()) {
      text = ask("The text of " + name + ": ");
    } else {
      JsonObject fields = new JsonObject();
      for (String key : keys) {
        fields.put(key, ask(key + " of " + name + ": "));
      }
      text = fields.toString();
    }
    run.gateways().secrets().get().create(name, text);
    if (inspection.service().get().flatMap(s -> s).filter(s -> s.active()).isPresent()) {
      run.gateways()
          .services()
          .get()
          .forceNewDeployment(inspection.clusterName(), inspection.serviceName());
    }
    return "the secret " + name + " was created, and the tasks start anew";
  }

  private String ask(String question) {
    return run.askSecret(question);
  }

  Remediation restoreSecret(String id) {
    return Remediation.of(
            "Take the deletion back, then start the tasks anew",
            run.aws("secretsmanager restore-secret --secret-id " + Shell.quote(id)),
            force())
        .automatically(
            "Take back the deletion of the secret " + SecretReference.nameOf(id) + "?",
            () -> {
              run.gateways().secrets().get().restore(id);
              return "the secret " + SecretReference.nameOf(id) + " is in use again";
            });
  }

  Remediation addField(SecretReference ref) {
    return Remediation.of(
        "Add the field to the secret, or correct the name in the task definition",
        run.aws("secretsmanager get-secret-value --secret-id " + Shell.quote(ref.id()))
            + " --query SecretString --output text | jq keys",
        force());
  }

  Remediation pushImage(ImageName image) {
    return Remediation.of(
        "Push the image, or correct the tag in the task definition",
        "aws ecr describe-images --region "
            + image.region()
            + " --registry-id "
            + image.account()
            + " --repository-name "
            + Shell.quote(image.repository()),
        run.deploy());
  }

  Remediation createLogGroup(String group) {
    return Remediation.of(
        "Create the log group, or set awslogs-create-group, then start the tasks anew",
        run.aws("logs create-log-group --log-group-name " + Shell.quote(group)),
        force());
  }

  Remediation healthCheck() {
    return Remediation.of(
        "Compare path, port and expected codes with what the program serves, and raise the grace period when it starts slowly; correct it in the CDK code and deploy",
        describe(),
        run.deploy());
  }

  String force() {
    return run.aws(
        "ecs update-service --cluster "
            + Shell.quote(inspection.clusterName())
            + " --service "
            + Shell.quote(inspection.serviceName())
            + " --force-new-deployment");
  }

  private String describe() {
    return run.aws(
        "ecs describe-services --cluster "
            + Shell.quote(inspection.clusterName())
            + " --services "
            + Shell.quote(inspection.serviceName()));
  }
}
