package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.cli.ProgramSettings;
import deployctl.notify.NotifyCommand;
import deployctl.notify.message.NotificationType;
import deployctl.retryqueue.DeadLettersCommand;
import deployctl.retryqueue.ListMessagesCommand;
import deployctl.retryqueue.ProcessCommand;
import deployctl.retryqueue.QueueMessageCommand;
import deployctl.retryqueue.QueueStatusCommand;
import deployctl.retryqueue.ScheduleCommand;
import java.util.Arrays;
import java.util.List;

/** The commands under {@code notify} and {@code retry-queue}. */
final class NotifyCatalog {
  private NotifyCatalog() {}

  static CommandNode notify(Wiring wiring) {
    return new CommandNode.Group(
        "notify",
        "Tell people in Slack.",
        List.of(
            "deployctl notify start \"$ID\" production \"$GITHUB_RUN_ID\"",
            "deployctl notify failed \"$ID\" production \"The database did not start\"",
            "deployctl notify test"),
        () -> types(wiring));
  }

  private static List<CommandNode> types(Wiring wiring) {
    return Arrays.stream(NotificationType.values())
        .<CommandNode>map(
            type ->
                leaf(
                    type.word(),
                    type.summary(),
                    () -> new NotifyCommand(wiring.time, wiring.notifier, wiring.console, type)))
        .toList();
  }

  static CommandNode retryQueue(Wiring wiring) {
    return new CommandNode.Group(
        "retry-queue",
        "Messages that wait for Slack, and those that were given up.",
        List.of(
            "deployctl retry-queue status",
            "deployctl retry-queue process",
            "deployctl retry-queue dead-letters list"),
        () -> queue(wiring));
  }

  private static List<CommandNode> queue(Wiring wiring) {
    return List.of(
        leaf(
            "status",
            "Show how much waits, and why.",
            () -> new QueueStatusCommand(wiring.retryQueue, wiring.time, wiring.console)),
        leaf(
            "list",
            "Show what waits, in the order in which it goes out.",
            () -> ListMessagesCommand.list(wiring.retryQueue, wiring.console, wiring.time)),
        leaf(
            "show",
            "Show one message whole.",
            () -> ListMessagesCommand.show(wiring.retryQueue, wiring.console, wiring.time)),
        leaf(
            "queue",
            "Put a message into the queue.",
            () -> new QueueMessageCommand(wiring.retryQueue, wiring.time, wiring.console)),
        leaf(
            "process",
            "Send what is due.",
            () ->
                new ProcessCommand(
                    wiring.retryQueue,
                    () -> wiring.settings.isOn(ProgramSettings.SLACK_ENABLED),
                    wiring.platform.shutdown(),
                    wiring.console,
                    wiring.time)),
        new CommandNode.Group(
            "dead-letters",
            "Messages that were given up.",
            List.of(
                "deployctl retry-queue dead-letters list",
                "deployctl retry-queue dead-letters requeue --all",
                "deployctl retry-queue dead-letters purge msg_1769860800000_1a2b3c4d"),
            () -> deadLetters(wiring)),
        leaf(
            "schedule",
            "Print lines for cron and units for systemd that process the queue.",
            () -> new ScheduleCommand(wiring::queueLocation, wiring.console)));
  }

  private static List<CommandNode> deadLetters(Wiring wiring) {
    return List.of(
        leaf(
            "list",
            "Show all of them.",
            () ->
                DeadLettersCommand.list(
                    wiring.retryQueue, wiring.console, wiring.time, wiring.state.journal)),
        leaf(
            "show",
            "Show one whole.",
            () ->
                DeadLettersCommand.show(
                    wiring.retryQueue, wiring.console, wiring.time, wiring.state.journal)),
        leaf(
            "requeue",
            "Put them back into the queue.",
            () ->
                DeadLettersCommand.requeue(
                    wiring.retryQueue, wiring.console, wiring.time, wiring.state.journal)),
        leaf(
            "purge",
            "Remove them, keeping a copy.",
            () ->
                DeadLettersCommand.purge(
                    wiring.retryQueue, wiring.console, wiring.time, wiring.state.journal)));
  }
}
