package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.notify.Notifier.Delivery;
import deployctl.notify.NotifyContext;
import deployctl.notify.message.Notification;
import deployctl.notify.message.NotificationType;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue queue}: keep a message for the next run. */
public final class QueueMessageCommand implements Command {
  private final NotifyContext context;
  private @Nullable String type;
  private final List<String> words = new ArrayList<>();
  private @Nullable String channel;

  /** Make the command. */
  public QueueMessageCommand(NotifyContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.dashesAreWords(spec);
    Args.required(spec, "type", "What it tells: " + types() + ".", v -> type = v);
    Args.rest(spec, "args", "The arguments that 'notify <type>' takes.", words::add);
    Args.option(
        spec, "--channel", "<channel>", "Slack channel (default as notify).", v -> channel = v);
    Args.examples(
        spec,
        "deployctl retry-queue queue failed \"$ID\" production \"The database did not start\"",
        "deployctl retry-queue queue custom \"Deployments are frozen until Monday\"");
  }

  @Override
  public ExitCode run() {
    NotificationType wanted = NotificationType.find(type);
    if (wanted == null) {
      throw Failure.usage("'" + type + "' is not a type of message", "Allowed: " + types());
    }
    Notification notification = Notification.of(wanted, words, channel, context.time().now());
    Delivery queued = context.notifier().get().queue(notification);
    context
        .console()
        .result(
            new JsonObject()
                .put("message_id", queued.messageId())
                .put("status", "queued")
                .put("channel", queued.channel()),
            () -> "queued as " + queued.messageId());
    return ExitCode.OK;
  }

  private static String types() {
    return Arrays.stream(NotificationType.values())
        .map(NotificationType::word)
        .collect(Collectors.joining(", "));
  }
}
