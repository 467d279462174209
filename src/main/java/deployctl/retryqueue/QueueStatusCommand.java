package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue status}: how much waits, and why. */
public final class QueueStatusCommand implements Command {
  private final Supplier<RetryQueue> queue;
  private final Time time;
  private final Console console;

  /** Make the command. */
  public QueueStatusCommand(Supplier<RetryQueue> queue, Time time, Console console) {
    this.queue = queue;
    this.time = time;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.examples(
        spec, "deployctl retry-queue status", "deployctl retry-queue status -o json | jq .queued");
  }

  @Override
  public ExitCode run() {
    Instant now = time.now();
    QueueStatus status = queue.get().status();
    console.result(status.toJson(now), () -> text(status, now));
    queue.get().spool().checkAllRead();
    return ExitCode.OK;
  }

  private static String text(QueueStatus status, Instant now) {
    StringBuilder text = new StringBuilder();
    text.append(status.queued() == 0 ? "nothing waits" : status.queued() + " waiting");
    if (status.oldestQueuedAt() != null) {
      text.append(", ").append(status.due()).append(" due, the oldest for ");
      text.append(Durations.humane(Duration.between(status.oldestQueuedAt(), now)));
    }
    if (status.nextRetryAt() != null) {
      text.append("; next in ");
      text.append(Durations.humane(Duration.between(now, status.nextRetryAt())));
    }
    text.append("\n").append(status.deadLetters()).append(" dead letters");
    if (status.deadLetters() > 0) {
      text.append(" (see 'deployctl retry-queue dead-letters list')");
    }
    if (status.corrupt() > 0) {
      text.append("\n").append(status.corrupt()).append(" damaged files in .corrupt");
    }
    if (!status.channels().isEmpty()) {
      text.append("\n\n").append(channels(status, now));
    }
    return text.toString();
  }

  private static String channels(QueueStatus status, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("CHANNEL", "WAITING", "OLDEST", "STATE"));
    for (QueueStatus.ChannelStatus channel : status.channels()) {
      rows.add(
          List.of(
              channel.name(),
              Integer.toString(channel.queued()),
              Durations.humane(Duration.between(channel.oldestQueuedAt(), now)),
              state(channel)));
    }
    return Console.table(rows);
  }

  private static String state(QueueStatus.ChannelStatus channel) {
    if (!channel.hold().isZero()) {
      return "held by Slack for " + Durations.humane(channel.hold());
    }
    if (channel.suspended() != null) {
      return "suspended: " + channel.suspended();
    }
    return channel.lastError() == null ? "-" : channel.lastError();
  }
}
