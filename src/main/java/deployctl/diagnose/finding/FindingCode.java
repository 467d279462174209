package deployctl.diagnose.finding;

import static deployctl.diagnose.finding.Severity.HIGH;
import static deployctl.diagnose.finding.Severity.INFO;
import static deployctl.diagnose.finding.Severity.LOW;
import static deployctl.diagnose.finding.Severity.MEDIUM;

import org.jspecify.annotations.Nullable;

/**
 * Every finding there is. The names are the interface; how much each matters follows the runbook's
 * table of problems. {@code docs/codes.md} is made from this list.
 */
public enum FindingCode {
  STALE_REGISTRY_ENTRY(HIGH, "A deployment is over and its entry still holds the deployment lock."),
  DEPLOYMENT_ACTIVE(INFO, "A deployment is in progress, as it should be."),
  DEPLOYMENT_IDLE(
      MEDIUM,
      "A deployment has held the lock for over half an hour, and CloudFormation has done nothing for it."),
  UNREGISTERED_DEPLOYMENT(
      HIGH, "CloudFormation is at work on a stack for which nobody holds the deployment lock."),
  ORPHANED_QUEUE_TICKET(HIGH, "A ticket waits for a process that is gone."),
  STACK_NEEDS_CLEANUP(HIGH, "The stack is left in a state from which no deployment can start."),

  MONITOR_NOT_RUNNING(MEDIUM, "A deployment is in progress and nothing watches it."),
  MONITOR_HUNG(MEDIUM, "The monitor's process lives and has polled nothing for three intervals."),
  RECOVERY_NOT_RUNNING(MEDIUM, "A monitor runs and nothing would restart it."),
  RECOVERY_GAVE_UP(MEDIUM, "The monitor was restarted too often in a short time."),
  NO_ACTIVE_DEPLOYMENT(INFO, "There is no deployment that a monitor could watch."),

  SLACK_TOKEN_MISSING(MEDIUM, "No token is set, so nothing can be sent."),
  SLACK_TOKEN_INVALID(MEDIUM, "Slack refuses the token."),
  SLACK_SCOPE_MISSING(MEDIUM, "The token may not do what is asked of it."),
  SLACK_CHANNEL_NOT_FOUND(MEDIUM, "The channel does not exist, or the token cannot see it."),
  SLACK_NOT_IN_CHANNEL(MEDIUM, "The app is not a member of the channel."),
  SLACK_CHANNEL_ARCHIVED(MEDIUM, "The channel takes no messages any more."),
  SLACK_UNREACHABLE(MEDIUM, "Slack's API gives no answer from here."),
  SLACK_RATE_LIMITED(MEDIUM, "Slack wants fewer messages for a while."),
  RETRY_QUEUE_OVERDUE(MEDIUM, "Messages have been due for long and nothing sends them."),
  DEAD_LETTERS_PRESENT(MEDIUM, "Messages were given up and lie as dead letters."),

  REGISTRY_MISSING(LOW, "There is no registry in the folder."),
  REGISTRY_CORRUPT(LOW, "The registry's file is no JSON, or was cut off."),
  REGISTRY_SCHEMA_INVALID(LOW, "The registry's file is JSON of another shape."),
  REGISTRY_NOT_READABLE(LOW, "The registry cannot be read by this user, or is no file."),
  REGISTRY_NOT_WRITABLE(LOW, "The registry's folder takes no changes from this user."),
  REGISTRY_LOCKED(LOW, "A process has held the registry's lock file for long."),
  REGISTRY_NOT_SHARED(
      LOW, "The registry is on the disk of a machine that is thrown away after its job."),

  NO_HISTORY(LOW, "No past deployment is known to estimate from."),
  HISTORY_OUTDATED(LOW, "The history has learned nothing for long."),
  HISTORY_CORRUPT(LOW, "The history's file cannot be understood."),
  ESTIMATES_INACCURATE(LOW, "Past estimates were further off than they said."),
  RESOURCE_AVERAGE_IMPLAUSIBLE(LOW, "A stored average cannot be a number of seconds."),

  LEFT_OVER_RESOURCES(
      MEDIUM, "There is no stack, and resources that one made or is going to make are there."),

  STACK_NOT_FOUND(INFO, "CloudFormation knows no such stack."),
  STACK_STALLED(HIGH, "An operation runs and nothing has happened for longer than the threshold."),
  STACK_OVERDUE(HIGH, "An operation takes longer than a deployment may."),
  RESOURCE_STUCK(HIGH, "One resource takes far longer than its kind does."),
  RESOURCE_FAILED(
      HIGH, "A resource failed for a reason that no rule knows; AWS's message is the evidence."),
  ROLLBACK_FAILED(HIGH, "The rollback itself failed, and the stack is stuck in it."),
  DELETE_FAILED(HIGH, "The stack could not be deleted."),

  ALREADY_EXISTS(HIGH, "Something of that name exists and belongs to another stack or to none."),
  ACCESS_DENIED(HIGH, "A role may not do what the template asks for."),
  QUOTA_EXCEEDED(HIGH, "A service quota of the account is used up."),
  INSUFFICIENT_CAPACITY(HIGH, "AWS has no capacity of that kind in the zone now."),
  INVALID_PARAMETER(HIGH, "A service refuses a property's value."),
  EXPORT_IN_USE(HIGH, "Another stack imports an export that is to change or go."),
  NOT_EMPTY(HIGH, "A bucket, repository or the like holds something and cannot be deleted."),
  DEPENDENCY_VIOLATION(HIGH, "Something else still uses what is to be deleted."),
  DELETION_PROTECTED(HIGH, "Deletion protection is on."),
  NOT_STABILIZED(HIGH, "A resource was made and did not become healthy in time."),
  THROTTLED(HIGH, "AWS refused calls because there were too many."),
  CUSTOM_RESOURCE_FAILED(HIGH, "The function behind a custom resource failed or never answered."),
  HOOK_FAILED(HIGH, "A CloudFormation hook refused the change."),

  CLUSTER_NOT_FOUND(HIGH, "ECS has no active cluster of that name."),
  SERVICE_NOT_FOUND(HIGH, "ECS has no active service of that name in the cluster."),
  SECRET_NOT_FOUND(HIGH, "A secret, or a field of it, that a task names does not exist."),
  SECRET_ACCESS_DENIED(HIGH, "The execution role may not read a secret or use its key."),
  IMAGE_NOT_FOUND(HIGH, "The registry has no image of that name and tag."),
  IMAGE_PULL_DENIED(HIGH, "The execution role may not pull the image."),
  IMAGE_PULL_RATE_LIMITED(HIGH, "The image's registry refuses more pulls for a while."),
  NETWORK_UNREACHABLE(HIGH, "Tasks have no way to a service that they need at their start."),
  HEALTH_CHECK_FAILED(HIGH, "A health check of the container or the load balancer fails."),
  OUT_OF_MEMORY(HIGH, "A container was killed for using more memory than it has."),
  CONTAINER_EXITED(HIGH, "A container ended by itself with an error."),
  ARCHITECTURE_MISMATCH(HIGH, "The image was built for another processor."),
  NO_CONTAINER_INSTANCES(HIGH, "No container instance of the cluster can take the task."),
  LOG_GROUP_MISSING(HIGH, "The log group that the task definition names does not exist."),
  ROLE_NOT_ASSUMABLE(HIGH, "ECS cannot assume a role of the task."),
  SUBNET_IPS_EXHAUSTED(HIGH, "The subnets have no free addresses for more tasks."),
  VOLUME_MOUNT_FAILED(HIGH, "A volume of the task cannot be mounted."),
  DEPLOYMENT_ROLLED_BACK(HIGH, "The circuit breaker rolled the service back."),
  SPOT_INTERRUPTED(HIGH, "AWS took back spot capacity."),

  RDS_CREATING(INFO, "The database is being created, within the usual time."),
  RDS_CREATION_SLOW(HIGH, "The database has been being created for longer than usual."),
  RDS_CREATION_FAILED(HIGH, "The database could not be created."),
  INVALID_PARAMETER_GROUP(HIGH, "The parameter group or its values do not fit the engine."),
  INCOMPATIBLE_NETWORK(HIGH, "RDS cannot place the database in the network."),
  INCOMPATIBLE_RESTORE(HIGH, "RDS cannot restore what it was given."),
  STORAGE_FULL(HIGH, "The database has no storage left."),
  SUBNET_GROUP_TOO_FEW_AZS(HIGH, "The subnet group does not cover enough availability zones."),
  KEY_INACCESSIBLE(HIGH, "The database's encryption key cannot be used."),
  RDS_NOT_FOUND(INFO, "RDS has no instance of that name.");

  private final Severity severity;

  private final String meaning;

  FindingCode(Severity severity, String meaning) {
    this.severity = severity;
    this.meaning = meaning;
  }

  /** Return one sentence on what is wrong, for the page that lists all codes. */
  public String meaning() {
    return meaning;
  }

  /** Return how much it matters. */
  public Severity severity() {
    return severity;
  }

  /** Return the code of a rule, or null when there is none of that name. */
  public static @Nullable FindingCode find(@Nullable String name) {
    for (FindingCode code : values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return null;
  }
}
