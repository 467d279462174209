package deployctl.cli;

import deployctl.support.config.Setting;
import java.util.List;

/** Every setting of the program; the configuration file may hold these keys and no others. */
public final class ProgramSettings {
  /** Where the registry lives. */
  public static final Setting REGISTRY_DIR =
      Setting.text(
          "registry_dir",
          "REGISTRY_DIR",
          ".deployment-registry",
          "Folder of the deployment registry.");

  /** Where messages wait for Slack. */
  public static final Setting QUEUE_DIR =
      Setting.text(
          "queue_dir",
          "SLACK_RETRY_QUEUE_DIR",
          ".slack-retry-queue",
          "Folder of the Slack retry queue.");

  /** The AWS region; without one, the SDK's own chain decides. */
  public static final Setting REGION = Setting.text("region", "AWS_REGION", null, "AWS region.");

  /** The AWS profile; without one, the SDK's own chain decides. */
  public static final Setting PROFILE =
      Setting.text(
          "profile",
          "AWS_PROFILE",
          null,
          "Profile of the AWS configuration and credentials files.");

  /** Another address for all AWS services. */
  public static final Setting ENDPOINT_URL =
      Setting.text(
          "endpoint_url",
          "AWS_ENDPOINT_URL",
          null,
          "Address that replaces those of all AWS services.");

  /** The CloudFormation stack. */
  public static final Setting STACK =
      Setting.text("stack", "STACK_NAME", null, "Name or ARN of the CloudFormation stack.");

  /** The environment. */
  public static final Setting ENVIRONMENT =
      Setting.text(
          "environment", "ENVIRONMENT", "production", "Environment, where a command names none.");

  /** The configuration file itself; has no key in the file. */
  public static final Setting CONFIG =
      Setting.text(
          "",
          "DEPLOYCTL_CONFIG",
          null,
          "Configuration file (default: ./deployctl.yml when present).");

  /** Which stack an environment deploys to. */
  public static final Setting ENVIRONMENTS =
      Setting.map(
          "environments",
          "Stack of each environment, beside production (CourtCaseManagementStack) and staging"
              + " (CourtCaseManagementStack-Staging).");

  /** How often a waiting command looks again. */
  public static final Setting POLL_INTERVAL =
      Setting.duration(
          "coordinator.poll_interval",
          null,
          "10s",
          "How often a waiting command asks CloudFormation again; spread by a fifth either way.");

  /** How long a plain registration holds the lock. */
  public static final Setting LEASE =
      Setting.duration(
          "coordinator.lease",
          null,
          "2h",
          "How long a registration that nobody renews holds the lock.");

  /** How long a single AWS call may take. */
  public static final Setting AWS_CALL_TIMEOUT =
      Setting.duration("aws.call_timeout", null, "10s", "How long one AWS call may take.");

  /** How long all AWS calls of a question may take together. */
  public static final Setting AWS_DEADLINE =
      Setting.duration(
          "aws.deadline", null, "45s", "How long one question to AWS may take, with every retry.");

  /** Where messages go. */
  public static final Setting SLACK_CHANNEL =
      Setting.text(
          "slack.channel",
          "SLACK_CHANNEL",
          "C0A9M9DPFUY",
          "Id or name of the Slack channel for messages.");

  /** Whether anything is sent to Slack. */
  public static final Setting SLACK_ENABLED =
      Setting.onOff(
          "slack.enabled",
          "DEPLOYCTL_SLACK",
          "true",
          "Whether messages are sent to Slack; off, nothing is sent or queued.");

  /** Where a person is asked for. */
  public static final Setting SLACK_INTERACT_CHANNEL =
      Setting.text(
          "slack.interact_channel",
          null,
          "C0A95T7UU4R",
          "Slack channel for what needs a person to act.");

  /** The secret that holds the token. */
  public static final Setting SLACK_TOKEN_SECRET =
      Setting.text(
          "slack.token_secret",
          null,
          null,
          "Secrets Manager id of the secret that holds the bot's token, as it is or as"
              + " {\"token\":...}; used when SLACK_BOT_TOKEN is not set.");

  /** Another address for Slack. */
  public static final Setting SLACK_API_URL =
      Setting.text(
          "slack.api_url",
          "SLACK_API_URL",
          "https://slack.com/api/",
          "Address of Slack's Web API.");

  /** How often a monitor asks CloudFormation. */
  public static final Setting CHECK_INTERVAL =
      Setting.duration(
          "monitor.check_interval",
          "CHECK_INTERVAL",
          "30s",
          "How often a monitor asks CloudFormation.");

  /** After how long without an event a deployment counts as stalled. */
  public static final Setting STALL_THRESHOLD =
      Setting.duration(
          "monitor.stall_threshold",
          "STALL_THRESHOLD",
          "10m",
          "After how long without an event a deployment counts as stalled.");

  /** After how long a deployment is said to take too long. */
  public static final Setting MAX_DURATION =
      Setting.duration(
          "monitor.max_duration",
          "MAX_DURATION",
          "40m",
          "After how long a deployment is said to take too long.");

  /** How often a recovery looks after its monitor. */
  public static final Setting RECOVERY_INTERVAL =
      Setting.duration(
          "monitor.recovery_interval",
          "DEPLOYCTL_RECOVERY_INTERVAL",
          "60s",
          "How often a recovery looks after its monitor.");

  /** How long AWS may stay away before a monitor gives up. */
  public static final Setting OUTAGE_TOLERANCE =
      Setting.duration(
          "monitor.aws_patience",
          null,
          "15m",
          "How long AWS may stay away before a monitor gives up.");

  /** How long a registered deployment may take to begin changing its stack. */
  public static final Setting WAIT_FOR_OPERATION =
      Setting.duration(
          "monitor.wait_for_operation",
          null,
          "10m",
          "How long a registered deployment may take to begin changing its stack.");

  /** Where a monitor writes. */
  public static final Setting MONITOR_LOG =
      Setting.text(
          "monitor.log_file", null, "deployment-monitor.log", "File that a monitor writes to.");

  /** The cluster of the application. */
  public static final Setting ECS_CLUSTER =
      Setting.text("ecs.cluster", null, "CourtCaseCluster", "Cluster of the application.");

  /** The service of the application. */
  public static final Setting ECS_SERVICE =
      Setting.text("ecs.service", null, "CourtCaseBackendService", "Service of the application.");

  /** Where the application's output goes. */
  public static final Setting LOG_GROUP =
      Setting.text(
          "ecs.log_group",
          null,
          "/ecs/courtcase-backend",
          "Log group of the application, where its task definition names none.");

  /** Where the application says whether it is well. */
  public static final Setting HEALTH_URL =
      Setting.text(
          "ecs.health_url",
          null,
          null,
          "Address at which the application answers whether it is well.");

  /** The Fargate quota. */
  public static final Setting FARGATE_QUOTA =
      Setting.text(
          "ecs.fargate_quota", null, "L-3032A538", "Code of the Fargate quota that counts vCPUs.");

  /** What the application's databases have in common. */
  public static final Setting DATABASES =
      Setting.text(
          "rds.identifier",
          null,
          "courtcase",
          "Part of the name that the application's database instances share.");

  /** What the application's secrets have in common. */
  public static final Setting SECRETS =
      Setting.text(
          "secrets.name",
          null,
          "courtcase",
          "Part of the name that the application's secrets share.");

  /** Secrets without which nothing can be deployed. */
  public static final Setting REQUIRED_SECRETS =
      Setting.text(
          "secrets.required",
          null,
          null,
          "Names of secrets that must exist before a deployment, between commas.");

  /** A user's own rules. */
  public static final Setting RULES =
      Setting.text(
          "diagnose.rules", null, null, "File of your own rules, tried before the program's.");

  /** After how long without an update the history counts as outdated. */
  public static final Setting HISTORY_AGE =
      Setting.duration(
          "diagnose.history_age",
          null,
          "30d",
          "After how long without an update the deployment history counts as outdated.");

  /** The workflow that deploys. */
  public static final Setting WORKFLOW =
      Setting.text("workflow.name", null, "CI/CD Pipeline", "GitHub workflow that deploys.");

  /** What it deploys. */
  public static final Setting WORKFLOW_REF =
      Setting.text("workflow.ref", null, "main", "Branch or tag that the workflow deploys.");

  /** Whom an escalation goes to. */
  public static final Setting CONTACTS =
      Setting.text(
          "escalation.contacts",
          null,
          "AWS Support: https://console.aws.amazon.com/support/, Slack: #kiro-updates and"
              + " #kiro-interact",
          "Whom to call, between commas.");

  private ProgramSettings() {}

  /** Return what the configuration file may hold. */
  public static List<Setting> inFile() {
    return List.of(
        REGISTRY_DIR,
        QUEUE_DIR,
        REGION,
        PROFILE,
        ENDPOINT_URL,
        STACK,
        ENVIRONMENT,
        ENVIRONMENTS,
        POLL_INTERVAL,
        LEASE,
        AWS_CALL_TIMEOUT,
        AWS_DEADLINE,
        SLACK_ENABLED,
        SLACK_CHANNEL,
        SLACK_INTERACT_CHANNEL,
        SLACK_TOKEN_SECRET,
        SLACK_API_URL,
        CHECK_INTERVAL,
        STALL_THRESHOLD,
        MAX_DURATION,
        RECOVERY_INTERVAL,
        OUTAGE_TOLERANCE,
        WAIT_FOR_OPERATION,
        MONITOR_LOG,
        ECS_CLUSTER,
        ECS_SERVICE,
        LOG_GROUP,
        HEALTH_URL,
        FARGATE_QUOTA,
        DATABASES,
        SECRETS,
        REQUIRED_SECRETS,
        RULES,
        HISTORY_AGE,
        WORKFLOW,
        WORKFLOW_REF,
        CONTACTS);
  }
}
