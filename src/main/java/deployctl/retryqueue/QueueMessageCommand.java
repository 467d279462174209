package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.notify.message.NotificationArguments;
import deployctl.notify.message.NotificationType;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue queue}: keep a message for the next run. */
public final class QueueMessageCommand implements Command {
  private final Supplier<RetryQueue> queue;
  private final Time time;
  private final Console console;
  private @Nullable String type;
  private final List<String> argv = new ArrayList<>();
  private @Nullable String channel;

  /** Make the command. */
  public QueueMessageCommand(Supplier<RetryQueue> queue, Time time, Console console) {
    this.queue = queue;
    this.time = time;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.dashesAreWords(spec);
    Args.required(spec, "type", "What it tells: " + types() + ".", v -> type = v);
    Args.rest(spec, "args", "The arguments that 'notify <type>' takes.", argv::add);
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
    QueuedMessage queued =
        queue.get().add(NotificationArguments.parse(wanted, argv, channel, time.now()));
    console.result(
        new JsonObject()
            .put("message_id", queued.id())
            .put("status", "queued")
            .put("channel", queue.get().channelOf(queued)),
        () -> "queued as " + queued.id());
    return ExitCode.OK;
  }

  private static String types() {
    return Arrays.stream(NotificationType.values())
        .map(NotificationType::word)
        .collect(Collectors.joining(", "));
  }
}
