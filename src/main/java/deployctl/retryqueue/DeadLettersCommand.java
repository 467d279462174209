package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.registry.Journal;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
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

  private final Supplier<RetryQueue> queue;
  private final Console console;
  private final Time time;
  private final Supplier<Journal> journal;
  private final DeadLetterAction action;
  private @Nullable String id;
  private boolean all;
  private boolean noBackup;
  private boolean yes;
  private boolean dryRun;

  private DeadLettersCommand(
      Supplier<RetryQueue> queue,
      Console console,
      Time time,
      Supplier<Journal> journal,
      DeadLetterAction action) {
    this.queue = queue;
    this.console = console;
    this.time = time;
    this.journal = journal;
    this.action = action;
  }

  /** Make {@code list}. */
  public static DeadLettersCommand list(
      Supplier<RetryQueue> queue, Console console, Time time, Supplier<Journal> journal) {
    return new DeadLettersCommand(queue, console, time, journal, DeadLetterAction.LIST);
  }

  /** Make {@code show}. */
  public static DeadLettersCommand show(
      Supplier<RetryQueue> queue, Console console, Time time, Supplier<Journal> journal) {
    return new DeadLettersCommand(queue, console, time, journal, DeadLetterAction.SHOW);
  }

  /** Make {@code requeue}. */
  public static DeadLettersCommand requeue(
      Supplier<RetryQueue> queue, Console console, Time time, Supplier<Journal> journal) {
    return new DeadLettersCommand(queue, console, time, journal, DeadLetterAction.REQUEUE);
  }

  /** Make {@code purge}. */
  public static DeadLettersCommand purge(
      Supplier<RetryQueue> queue, Console console, Time time, Supplier<Journal> journal) {
    return new DeadLettersCommand(queue, console, time, journal, DeadLetterAction.PURGE);
  }

  @Override
  public void declare(CommandSpec spec) {
    if (action == DeadLetterAction.LIST) {
      Args.examples(spec, "deployctl retry-queue dead-letters list");
      return;
    }
    if (action == DeadLetterAction.SHOW) {
      Args.required(spec, "id", "Name of the dead letter.", v -> id = v);
      Args.examples(spec, "deployctl retry-queue dead-letters show msg_1769860800000_1a2b3c4d");
      return;
    }
    Args.optional(spec, "id", "Name of the dead letter.", v -> id = v);
    Args.flag(spec, "--all", "Every dead letter.", v -> all = v);
    Args.flag(spec, "--dry-run", "Show which, and change nothing.", v -> dryRun = v);
    if (action == DeadLetterAction.PURGE) {
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
    return switch (action) {
      case LIST -> list();
      case SHOW -> show();
      case REQUEUE, PURGE -> change();
    };
  }

  private ExitCode list() {
    List<QueuedMessage> dead = letters();
    console.result(
        dead.stream().map(MessageView::json).toList(),
        () ->
            MessageView.table(dead, queue.get().maker(), time.now(), "there are no dead letters"));
    return ExitCode.OK;
  }

  private ExitCode show() {
    QueuedMessage dead = one(String.valueOf(id));
    console.result(MessageView.json(dead), () -> MessageView.whole(dead));
    return ExitCode.OK;
  }

  private ExitCode change() {
    if (all == (id != null)) {
      throw Failure.usage("Which dead letters?", "Name one, or say --all");
    }
    List<QueuedMessage> chosen = id == null ? letters() : List.of(one(id));
    boolean purge = action == DeadLetterAction.PURGE;
    if (purge && noBackup && !dryRun && !chosen.isEmpty()) {
      String question = "Remove " + chosen.size() + " dead letters for good?";
      if (!console.confirm(question, yes)) {
        console.note("nothing was removed");
        return ExitCode.NO;
      }
    }
    String where = "";
    String mark = queue.get().spool().mark();
    for (QueuedMessage letter : dryRun ? List.<QueuedMessage>of() : chosen) {
      if (!purge) {
        queue.get().spool().revive(letter);
      } else if (noBackup) {
        queue.get().spool().removeDead(letter.id());
      } else {
        String aside = queue.get().spool().putAside(letter.id(), mark);
        where = ", now in " + aside;
      }
    }
    report(chosen, (purge ? "removed " : "put back ") + chosen.size() + where, purge);
    return ExitCode.OK;
  }

  private void report(List<QueuedMessage> chosen, String done, boolean purge) {
    if (!dryRun && !chosen.isEmpty()) {
      journal
          .get()
          .record(
              "retry-queue dead-letters " + (purge ? "purge" : "requeue"),
              id == null ? "--all" : id,
              done);
    }
    List<String> ids = chosen.stream().map(QueuedMessage::id).toList();
    console.result(
        new JsonObject()
            .put(purge ? "purged" : "requeued", dryRun ? List.of() : ids)
            .put("dry_run", dryRun),
        () ->
            dryRun ? "would " + (purge ? "remove " : "put back ") + String.join(", ", ids) : done);
  }

  private List<QueuedMessage> letters() {
    Spool spool = queue.get().spool();
    List<QueuedMessage> dead =
        new ArrayList<>(
            spool.deadIds().stream().map(spool::readDead).filter(Objects::nonNull).toList());
    dead.sort(Comparator.comparing(QueuedMessage::id));
    return dead;
  }

  private QueuedMessage one(String typed) {
    String wanted = MessageId.of(typed);
    QueuedMessage dead = queue.get().spool().readDead(wanted);
    if (dead == null) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "There is no dead letter " + wanted,
          "See 'deployctl retry-queue dead-letters list'");
    }
    return dead;
  }
}
