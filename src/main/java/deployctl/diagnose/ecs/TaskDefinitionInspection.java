package deployctl.diagnose.ecs;

import deployctl.aws.ImageName;
import deployctl.aws.Images;
import deployctl.aws.SecretDescription;
import deployctl.aws.TaskDefinition;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether what a task definition names is there: secrets, log groups, images, roles. */
final class TaskDefinitionInspection {
  private final EcsInspection inspection;
  private final DiagnosisRun run;
  private final EcsRemediations remediations;
  private final Optional<TaskDefinition> definition;
  private final Map<String, CheckRunner.CheckAnswer<Optional<SecretDescription>>> secrets =
      new LinkedHashMap<>();
  private final Map<SecretReference, CheckRunner.CheckAnswer<Set<String>>> fields =
      new LinkedHashMap<>();
  private final Map<String, CheckRunner.CheckAnswer<Boolean>> groups = new LinkedHashMap<>();
  private final Map<ImageName, CheckRunner.CheckAnswer<Images.Presence>> images =
      new LinkedHashMap<>();

  private TaskDefinitionInspection(
      EcsInspection inspection, EcsRemediations remediations, Optional<TaskDefinition> definition) {
    this.inspection = inspection;
    this.run = inspection.run();
    this.remediations = remediations;
    this.definition = definition;
    definition.ifPresent(this::begin);
  }

  /** Look at a task definition; an empty name stands for none. */
  static TaskDefinitionInspection of(
      EcsInspection inspection, String name, EcsRemediations remediations) {
    Optional<TaskDefinition> definition =
        name.isEmpty()
            ? Optional.empty()
            : inspection
                .ask(
                    "task definition",
                    () -> inspection.run().cached().taskDefinition(name),
                    found -> seen(found))
                .get();
    return new TaskDefinitionInspection(inspection, remediations, definition);
  }

  Optional<TaskDefinition> definition() {
    return definition;
  }

  private static CheckResult seen(TaskDefinition found) {
    String family = found.arn().substring(found.arn().lastIndexOf('/') + 1);
    boolean needsRole =
        found.containers().stream()
            .anyMatch(c -> !c.secrets().isEmpty() || ImageName.parse(c.image()) != null);
    if (needsRole && found.executionRoleArn() == null) {
      return CheckResult.warn(family + " names secrets or images of ECR and no execution role");
    }
    return CheckResult.pass(
        family
            + (found.cpu() == null ? "" : ", " + found.cpu() + " CPU units")
            + (found.memory() == null ? "" : ", " + found.memory() + " MiB"));
  }

  private void begin(TaskDefinition found) {
    Set<String> parameters = new LinkedHashSet<>();
    for (TaskDefinition.ContainerDefinition container : found.containers()) {
      for (String value : container.secrets().values()) {
        SecretReference secret = SecretReference.parse(value);
        if (secret == null) {
          parameters.add(value);
        } else {
          ask(secret);
        }
      }
      String group = container.logGroup();
      if (group != null && !container.createsLogGroup()) {
        groups.computeIfAbsent(
            group,
            name ->
                inspection.ask(
                    "log group " + name,
                    () -> run.cached().logGroupExists(name),
                    there -> CheckResult.of(there, there ? "there" : "it does not exist")));
      }
      ImageName image = ImageName.parse(container.image());
      if (image != null) {
        images.computeIfAbsent(
            image,
            name ->
                inspection.ask(
                    "image " + name.repository() + ":" + name.version(),
                    () -> run.cached().image(name),
                    TaskDefinitionInspection::seen));
      }
    }
    if (!parameters.isEmpty()) {
      run.checks()
          .tell(
              "parameters",
              CheckResult.skipped(
                  "parameters of SSM are not looked at: " + String.join(", ", parameters)));
    }
  }

  private void ask(SecretReference secret) {
    secrets.computeIfAbsent(
        secret.id(),
        id ->
            inspection.ask(
                "secret " + secret.name(),
                () -> run.cached().secret(id),
                found -> {
                  if (found.isEmpty()) {
                    return CheckResult.fail("it does not exist");
                  }
                  return found.get().deletedAt() == null
                      ? CheckResult.pass("there")
                      : CheckResult.fail("it is scheduled to be deleted");
                }));
    if (!secret.key().isEmpty()) {
      fields.computeIfAbsent(
          secret,
          ref ->
              inspection.ask(
                  "field " + ref.key() + " of secret " + ref.name(),
                  () ->
                      run.cached()
                              .secret(ref.id())
                              .filter(found -> found.deletedAt() == null)
                              .isEmpty()
                          ? Set.of(ref.key())
                          : run.cached().secretFields(ref.id()),
                  names ->
                      names.contains(ref.key())
                          ? fieldSeen(ref)
                          : CheckResult.fail("the secret's JSON has no such field")));
    }
  }

  /** A field of a secret that is not there was not looked for. */
  private CheckResult fieldSeen(SecretReference ref) {
    boolean usable = run.cached().secret(ref.id()).filter(s -> s.deletedAt() == null).isPresent();
    return usable
        ? CheckResult.pass("there")
        : CheckResult.skipped("there is no such secret to look into");
  }

  private static CheckResult seen(Images.Presence presence) {
    return switch (presence) {
      case THERE -> CheckResult.pass("there");
      case NO_SUCH_IMAGE -> CheckResult.fail("the repository has no such tag or digest");
      case NO_SUCH_REPOSITORY -> CheckResult.fail("there is no such repository");
    };
  }

  /** Return what is missing, secrets first. */
  List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    secrets.forEach(
        (id, answer) ->
            answer.get().ifPresent(secret -> missing(id, secret).ifPresent(found::add)));
    fields.forEach(
        (ref, answer) ->
            answer
                .get()
                .filter(names -> !names.contains(ref.key()))
                .ifPresent(names -> found.add(fieldMissing(ref))));
    images.forEach(
        (image, answer) ->
            answer
                .get()
                .filter(presence -> presence != Images.Presence.THERE)
                .ifPresent(presence -> found.add(imageMissing(image, presence))));
    groups.forEach(
        (group, answer) ->
            answer.get().filter(there -> !there).ifPresent(no -> found.add(groupMissing(group))));
    return found;
  }

  private Optional<Finding> missing(String id, Optional<SecretDescription> secret) {
    String name = SecretReference.nameOf(id);
    if (secret.isEmpty()) {
      List<String> evidence =
          new ArrayList<>(
              List.of(
                  "Secrets Manager has no secret " + name + ", which the task definition names"));
      List<String> others =
          CachedAws.orElse(
                  List.<SecretDescription>of(),
                  () -> run.cached().secretsNamed(run.names().secrets()))
              .stream()
              .map(SecretDescription::name)
              .toList();
      if (!others.isEmpty()) {
        evidence.add("there are: " + String.join(", ", others));
      }
      return Optional.of(
          Finding.cause(
              FindingCode.SECRET_NOT_FOUND,
              "The secret " + name + " does not exist",
              evidence,
              name,
              remediations.createSecret(name, keysOf(id))));
    }
    if (secret.get().deletedAt() == null) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.cause(
            FindingCode.SECRET_NOT_FOUND,
            "The secret " + name + " is scheduled to be deleted",
            List.of("Secrets Manager: deletion was asked for at " + secret.get().deletedAt()),
            name,
            remediations.restoreSecret(id)));
  }

  private List<String> keysOf(String id) {
    return fields.keySet().stream()
        .filter(ref -> ref.id().equals(id))
        .map(SecretReference::key)
        .distinct()
        .toList();
  }

  private Finding fieldMissing(SecretReference ref) {
    return Finding.cause(
        FindingCode.SECRET_NOT_FOUND,
        "The secret " + ref.name() + " has no field '" + ref.key() + "'",
        List.of("the task definition asks for this field of the secret's JSON"),
        ref.name(),
        remediations.addField(ref));
  }

  private Finding imageMissing(ImageName image, Images.Presence presence) {
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "ECR: "
            + (presence == Images.Presence.NO_SUCH_REPOSITORY
                ? "no repository " + image.repository()
                : "no image " + image.version() + " in " + image.repository()));
    if (presence == Images.Presence.NO_SUCH_IMAGE) {
      List<String> tags = CachedAws.orElse(List.of(), () -> run.cached().newestTags(image));
      if (!tags.isEmpty()) {
        evidence.add("the newest tags: " + String.join(", ", tags));
      }
    }
    return Finding.cause(
        FindingCode.IMAGE_NOT_FOUND,
        "The image " + image.repository() + ":" + image.version() + " does not exist",
        evidence,
        image.repository(),
        remediations.pushImage(image));
  }

  private Finding groupMissing(String group) {
    return Finding.cause(
        FindingCode.LOG_GROUP_MISSING,
        "The log group " + group + " does not exist",
        List.of(
            "CloudWatch Logs has no such group, and the task definition does not let it be made"),
        group,
        remediations.createLogGroup(group));
  }

  /** See whether what is really there tells that a message means something else than it says. */
  FindingCode refined(FindingCode code, String message) {
    boolean noImage =
        images.values().stream()
            .anyMatch(a -> a.get().map(p -> p != Images.Presence.THERE).orElse(false));
    if (code == FindingCode.IMAGE_PULL_DENIED && noImage) {
      return FindingCode.IMAGE_NOT_FOUND;
    }
    boolean noGroup = groups.values().stream().anyMatch(a -> a.get().map(t -> !t).orElse(false));
    boolean ofLogs = message.contains("log group") || message.contains("logger args");
    return code == FindingCode.NETWORK_UNREACHABLE && ofLogs && noGroup
        ? FindingCode.LOG_GROUP_MISSING
        : code;
  }

  /** Return the last lines of the task's output. */
  TaskLog.Lines log(TaskStopCause stop) {
    boolean ran =
        stop.task().startedAt() != null
            || stop.task().containers().stream().anyMatch(c -> c.exitCode() != null);
    return definition.isEmpty() || !ran
        ? TaskLog.Lines.NONE
        : TaskLog.of(inspection, definition.get(), stop.task(), stop.container());
  }
}
