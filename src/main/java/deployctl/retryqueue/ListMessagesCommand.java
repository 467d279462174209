package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.notify.NotifyContext;
import deployctl.support.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue list} and {@code show}: what waits. */
public final class ListMessagesCommand implements Command {
  private final NotifyContext context;
  private final boolean one;
  private @Nullable String id;

  private ListMessagesCommand(NotifyContext context, boolean one) {
    this.context = context;
    this.one = one;
  }

  /** Make {@code list}. */
  public static ListMessagesCommand list(NotifyContext context) {
    return new ListMessagesCommand(context, false);
  }

  /** Make {@code show}. */
  public static ListMessagesCommand show(NotifyContext context) {
    return new ListMessagesCommand(context, true);
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
    Spool folder = context.folder();
    List<QueuedMessage> messages =
        new ArrayList<>(
            folder.waitingIds().stream().map(folder::read).filter(Objects::nonNull).toList());
    messages.sort(DeliveryPlan.ORDER);
    context
        .console()
        .result(
            messages.stream().map(MessageView::json).toList(),
            () ->
                MessageView.table(
                    messages,
                    context.notifier().get().maker(),
                    context.time().now(),
                    "nothing waits"));
    return ExitCode.OK;
  }

  private ExitCode show(String wanted) {
    QueuedMessage waiting = context.folder().read(wanted);
    QueuedMessage found = waiting != null ? waiting : context.folder().readDead(wanted);
    if (found == null) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "No message " + wanted + " waits, and none is a dead letter",
          "See 'deployctl retry-queue list'");
    }
    context.console().result(MessageView.json(found), () -> MessageView.whole(found));
    return ExitCode.OK;
  }
}
