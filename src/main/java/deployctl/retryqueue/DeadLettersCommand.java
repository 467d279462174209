package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.notify.NotifyContext;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue dead-letters}: what was given up. */
public final class DeadLettersCommand implements Command {
  private enum DeadLetterAction {
    LIST,
    SHOW,
    REQUEUE,
    PURGE
  }

  private final NotifyContext context;
  private final DeadLetterAction verb;
  private @Nullable String id;
  private boolean all;
  private boolean noBackup;
  private boolean yes;
  private boolean dryRun;

  private DeadLettersCommand(NotifyContext context, DeadLetterAction verb) {
    this.context = context;
    this.verb = verb;
  }

  /** Make {@code list}. */
  public static DeadLettersCommand list(NotifyContext context) {
    return new DeadLettersCommand(context, DeadLetterAction.LIST);
  }

  /** Make {@code show}. */
  public static DeadLettersCommand show(NotifyContext context) {
    return new DeadLettersCommand(context, DeadLetterAction.SHOW);
  }

  /** Make {@code requeue}. */
  public static DeadLettersCommand requeue(NotifyContext context) {
    return new DeadLettersCommand(context, DeadLetterAction.REQUEUE);
  }

  /** Make {@code purge}. */
  public static DeadLettersCommand purge(NotifyContext context) {
    return new DeadLettersCommand(context, DeadLetterAction.PURGE);
  }

  @Override
  public void declare(CommandSpec spec) {
    if (verb == DeadLetterAction.LIST) {
      Args.examples(spec, "deployctl retry-queue dead-letters list");
      return;
    }
    if (verb == DeadLetterAction.SHOW) {
      Args.required(spec, "id", "Name of the dead letter.", v -> id = v);
      Args.examples(spec, "deployctl retry-queue dead-letters show msg_1769860800000_1a2b3c4d");
      return;
    }
    Args.optional(spec, "id", "Name of the dead letter.", v -> id = v);
    Args.flag(spec, "--all", "Every dead letter.", v -> all = v);
    Args.flag(spec, "--dry-run", "Show which, and change nothing.", v -> dryRun = v);
    if (verb == DeadLetterAction.PURGE) {
      Args.flag(spec, "--no-backup", "Keep no copy; asks first.", v -> noBackup = v);
      Args.flag(spec, "--yes", "Do not ask.", v -> yes = v);
      Args.examples(
          spec,
          "deployctl retry-queue dead-letters purge msg_1769860800000_1a2b3c4d",
          "deployctl retry-queue dead-letters purge --all",
          "",
          "Purged messages are moved to .state/purged in the queue's folder.");
    } else {
      Args.examples(
          spec,
          "deployctl retry-queue dead-letters requeue --all && deployctl retry-queue process");
    }
  }

  @Override
  public ExitCode run() {
    return switch (verb) {
      case LIST -> list();
      case SHOW -> show();
      case REQUEUE, PURGE -> change();
    };
  }

  private ExitCode list() {
    List<QueuedMessage> dead = letters();
    context
        .console()
        .result(
            dead.stream().map(MessageView::json).toList(),
            () ->
                MessageView.table(
                    dead,
                    context.notifier().get().maker(),
                    context.time().now(),
                    "there are no dead letters"));
    return ExitCode.OK;
  }

  private ExitCode show() {
    QueuedMessage dead = one(String.valueOf(id));
    context.console().result(MessageView.json(dead), () -> MessageView.whole(dead));
    return ExitCode.OK;
  }

  private ExitCode change() {
    if (all == (id != null)) {
      throw Failure.usage("Which dead letters?", "Name one, or say --all");
    }
    List<QueuedMessage> chosen = id == null ? letters() : List.of(one(id));
    boolean purge = verb == DeadLetterAction.PURGE;
    if (purge && noBackup && !dryRun && !chosen.isEmpty()) {
      String question = "Remove " + chosen.size() + " dead letters for good?";
      if (!context.console().confirm(question, yes)) {
        context.console().note("nothing was removed");
        return ExitCode.NO;
      }
    }
    String where = "";
    String mark = context.folder().mark();
    for (QueuedMessage letter : dryRun ? List.<QueuedMessage>of() : chosen) {
      if (!purge) {
        context.folder().revive(letter);
      } else if (noBackup) {
        context.folder().removeDead(letter.id());
      } else {
        Path aside = context.folder().putAside(letter.id(), mark);
        where = ", now in " + aside.getParent();
      }
    }
    report(chosen, (purge ? "removed " : "put back ") + chosen.size() + where, purge);
    return ExitCode.OK;
  }

  private void report(List<QueuedMessage> chosen, String done, boolean purge) {
    if (!dryRun && !chosen.isEmpty()) {
      context
          .journal()
          .get()
          .record(
              "retry-queue dead-letters " + (purge ? "purge" : "requeue"),
              id == null ? "--all" : id,
              done);
    }
    List<String> ids = chosen.stream().map(QueuedMessage::id).toList();
    context
        .console()
        .result(
            new JsonObject()
                .put(purge ? "purged" : "requeued", dryRun ? List.of() : ids)
                .put("dry_run", dryRun),
            () ->
                dryRun
                    ? "would " + (purge ? "remove " : "put back ") + String.join(", ", ids)
                    : done);
  }

  private List<QueuedMessage> letters() {
    Spool folder = context.folder();
    List<QueuedMessage> dead =
        new ArrayList<>(
            folder.deadIds().stream().map(folder::readDead).filter(Objects::nonNull).toList());
    dead.sort(Comparator.comparing(QueuedMessage::id));
    return dead;
  }

  private QueuedMessage one(String typed) {
    String wanted = MessageId.of(typed);
    QueuedMessage dead = context.folder().readDead(wanted);
    if (dead == null) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "There is no dead letter " + wanted,
          "See 'deployctl retry-queue dead-letters list'");
    }
    return dead;
  }
}
