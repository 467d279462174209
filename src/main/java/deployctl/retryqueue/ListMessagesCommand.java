package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue list} and {@code show}: what waits. */
public final class ListMessagesCommand implements Command {
  private final Supplier<RetryQueue> queue;
  private final Console console;
  private final Time time;
  private final boolean one;
  private @Nullable String id;

  private ListMessagesCommand(Supplier<RetryQueue> queue, Console console, Time time, boolean one) {
    this.queue = queue;
    this.console = console;
    this.time = time;
    this.one = one;
  }

  /** Make {@code list}. */
  public static ListMessagesCommand list(Supplier<RetryQueue> queue, Console console, Time time) {
    return new ListMessagesCommand(queue, console, time, false);
  }

  /** Make {@code show}. */
  public static ListMessagesCommand show(Supplier<RetryQueue> queue, Console console, Time time) {
    return new ListMessagesCommand(queue, console, time, true);
  }

  @Override
  public void declare(CommandSpec spec) {
    if (one) {
      Args.required(spec, "id", "Name of a waiting message or a dead letter.", v -> id = v);
      Args.examples(spec, "deployctl retry-queue show msg_1769860800000_1a2b3c4d");
    } else {
      Args.examples(spec, "deployctl retry-queue list", "deployctl retry-queue list -o json");
    }
  }

  @Override
  public ExitCode run() {
    return one ? show(MessageId.of(String.valueOf(id))) : list();
  }

  private ExitCode list() {
    Spool spool = queue.get().spool();
    List<QueuedMessage> messages =
        new ArrayList<>(
            spool.waitingIds().stream().map(spool::read).filter(Objects::nonNull).toList());
    messages.sort(DeliveryPlan.ORDER);
    console.result(
        messages.stream().map(MessageView::json).toList(),
        () -> MessageView.table(messages, queue.get().maker(), time.now(), "nothing waits"));
    return ExitCode.OK;
  }

  private ExitCode show(String wanted) {
    QueuedMessage waiting = queue.get().spool().read(wanted);
    QueuedMessage found = waiting != null ? waiting : queue.get().spool().readDead(wanted);
    if (found == null) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "No message " + wanted + " waits, and none is a dead letter",
          "See 'deployctl retry-queue list'");
    }
    console.result(MessageView.json(found), () -> MessageView.whole(found));
    return ExitCode.OK;
  }
}
