package deployctl.notify;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.notify.Notifier.Delivery;
import deployctl.notify.message.AddressedNotification;
import deployctl.notify.message.NotificationArguments;
import deployctl.notify.message.NotificationType;
import deployctl.slack.Posted;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code notify <type>}: tell people something, now if possible. */
public final class NotifyCommand implements Command {
  private final Time time;
  private final Supplier<Notifier> notifier;
  private final Console console;
  private final NotificationType type;
  private final List<String> argv = new ArrayList<>();
  private @Nullable String channel;

  private @Nullable CommandSpec declared;

  /** Make the command for a type. */
  public NotifyCommand(
      Time time, Supplier<Notifier> notifier, Console console, NotificationType type) {
    this.time = time;
    this.notifier = notifier;
    this.console = console;
    this.type = type;
  }

  @Override
  public void declare(CommandSpec spec) {
    declared = spec;
    // A message may begin with a dash: "-bash: cdk: command not found".
    Args.dashesAreWords(spec);
    for (int i = 0; i < type.parameters().size(); i++) {
      String name = type.parameters().get(i);
      if (i < type.required()) {
        Args.required(spec, name, meaning(name), this::add);
      } else {
        Args.optional(spec, name, meaning(name), this::add);
      }
    }
    Args.optional(spec, "channel", "Id or name of a channel, as --channel.", this::add);
    Args.option(
        spec,
        "--channel",
        "<channel>",
        "Slack channel (default: SLACK_CHANNEL, slack.channel, C0A9M9DPFUY).",
        v -> channel = v);
    Args.examples(
        spec,
        example(),
        "",
        "What cannot be sent now waits in the queue: exit code 0, said on stderr.",
        "Exit code 1: the token is missing or refused (the message waits), or Slack will",
        "never take the message (it is a dead letter).");
  }

  private void add(@Nullable String word) {
    if (word != null) {
      argv.add(word);
    }
  }

  @Override
  public ExitCode run() {
    if (declared != null) {
      Args.refuseUnknownOptions(declared, argv);
    }
    AddressedNotification notification =
        NotificationArguments.parse(type, argv, blankToNull(channel), time.now());
    Delivery delivery = notifier.get().send(notification);
    console.result(json(delivery), () -> text(delivery));
    return switch (delivery.outcome()) {
      case SENT, OFF -> ExitCode.OK;
      case QUEUED -> {
        console.warn(
            "Not sent yet: "
                + delivery.why()
                + ". It waits as "
                + delivery.messageId()
                + "; 'deployctl retry-queue process' sends it");
        yield ExitCode.OK;
      }
      case BLOCKED ->
          throw new Failure(
              Failure.FailureKind.FAILED,
              delivery.why() + ". The message waits as " + delivery.messageId(),
              "Mend the token or its scopes, then run 'deployctl retry-queue process'");
      case DEAD ->
          throw new Failure(
              Failure.FailureKind.FAILED,
              "Slack will not take the message for "
                  + delivery.channel()
                  + ": "
                  + delivery.why()
                  + ". It is the dead letter "
                  + delivery.messageId(),
              "Mend that, then run 'deployctl retry-queue dead-letters requeue "
                  + delivery.messageId()
                  + "'");
      case LOST ->
          throw new Failure(
              Failure.FailureKind.FAILED,
              "The message is neither sent nor kept: " + delivery.why(),
              "Make the queue's folder usable and say it again");
    };
  }

  private static JsonObject json(Delivery delivery) {
    Posted posted = delivery.posted();
    return new JsonObject()
        .put("message_id", delivery.messageId())
        .put("status", delivery.outcome().name().toLowerCase(Locale.ROOT))
        .put("channel", posted == null ? delivery.channel() : posted.channelId())
        .put("ts", posted == null ? null : posted.timestamp())
        .put("last_error", delivery.why().isEmpty() ? null : delivery.why());
  }

  private static String text(Delivery delivery) {
    Posted posted = delivery.posted();
    return posted == null ? "" : "sent to " + delivery.channel();
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  private String example() {
    String start = "deployctl notify " + type.word();
    return switch (type) {
      case START -> start + " \"$ID\" production \"$GITHUB_RUN_ID\"";
      case CONCURRENT ->
          start + " \"$ID\" production \"$(deployctl coordinator get-active -o json)\"";
      case PROGRESS -> start + " \"$ID\" UPDATE_IN_PROGRESS \"12 of 40 resources done\"";
      case COMPLETE -> start + " \"$ID\" production 27 https://courts.example.org";
      case FAILED -> start + " \"$ID\" production \"The database did not start\"";
      case CANCELLED -> start + " \"$ID\" production";
      case STALLED -> start + " \"$ID\" CourtCaseManagementStack 15";
      case ALERT -> start + " \"$ID\" CourtCaseManagementStack \"The monitor was restarted\"";
      case CUSTOM -> start + " \"Deployments are frozen until Monday\"";
      case TEST -> start;
    };
  }

  private static String meaning(String parameter) {
    return switch (parameter) {
      case "correlation_id" -> "Name of the deployment.";
      case "environment" -> "Environment that it goes to.";
      case "workflow_run_id" -> "Workflow run behind it.";
      case "active_deployment_json" -> "What 'coordinator get-active -o json' or can-deploy gave.";
      case "stack_status" -> "Where the stack is, such as UPDATE_IN_PROGRESS.";
      case "details" -> "How far it is, in words.";
      case "duration_minutes" -> "How long it took, in minutes.";
      case "application_url" -> "Address of what was deployed.";
      case "error" -> "Why it failed.";
      case "stack" -> "The CloudFormation stack.";
      case "minutes" -> "How long nothing has happened, in minutes.";
      default -> "The words.";
    };
  }
}
