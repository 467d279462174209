package deployctl.coordinator.view;

import deployctl.cli.Console;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.HoldState;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts entries of the registry into words. */
public final class DeploymentView {
  private DeploymentView() {}

  /** Return that a stale holder lost the lock to this one, for a warning. */
  public static String takenOver(Deployment holder, Instant now) {
    return "Took over the lock of "
        + holder.correlationId()
        + ": "
        + holder.hold(now).describe(holder)
        + " and nothing is at work on its stack";
  }

  /** Return one entry, a line for each thing worth knowing. */
  public static String details(Deployment entry, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    add(rows, "correlation id", entry.correlationId());
    add(rows, "status", entry.status().name());
    add(rows, "environment", entry.environment());
    add(rows, "stack", entry.stackName());
    add(rows, "region", entry.region());
    add(rows, "account", entry.account());
    add(rows, "started", time(entry.startedAt(), now));
    add(rows, "queued", entry.startedAt() == null ? time(entry.queuedAt(), now) : null);
    add(rows, "finished", time(entry.finishedAt(), now));
    if (!entry.status().finished()) {
      add(rows, "lease", lease(entry, now));
      HoldState hold = entry.hold(now);
      add(
          rows,
          "process",
          hold == HoldState.ALIVE || hold == HoldState.DEAD ? hold.describe(entry) : null);
      add(
          rows,
          "operation",
          entry.operationEndedAt() == null ? null : HoldState.ENDED.describe(entry));
    }
    JsonObject fields = entry.toJson();
    add(
        rows,
        "fencing token",
        entry.fencingToken() == 0 ? null : Long.toString(entry.fencingToken()));
    add(rows, "commit", fields.string("commit"));
    add(rows, "actor", fields.string("actor"));
    add(rows, "workflow run", fields.string("workflow_run_id"));
    add(rows, "run", fields.string("github_run_url"));
    add(rows, "console", fields.string("aws_console_url"));
    return Console.table(rows);
  }

  /** Return a table of entries, or {@code none} when there are none. */
  public static String table(List<Deployment> entries, Instant now, String none) {
    if (entries.isEmpty()) {
      return none;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("CORRELATION ID", "STATUS", "ENVIRONMENT", "STACK", "SINCE", "AGE"));
    for (Deployment entry : entries) {
      Instant since =
          entry.finishedAt() != null
              ? entry.finishedAt()
              : entry.startedAt() != null ? entry.startedAt() : entry.queuedAt();
      rows.add(
          List.of(
              entry.correlationId(),
              entry.status().name() + remark(entry, now),
              orDash(entry.environment()),
              orDash(entry.stackName()),
              since == null ? "-" : Timestamps.format(since),
              since == null ? "-" : Durations.humane(Duration.between(since, now))));
    }
    return Console.table(rows);
  }

  private static String remark(Deployment entry, Instant now) {
    if (entry.status() == DeploymentStatus.QUEUED && entry.abandoned(now)) {
      return " (abandoned)";
    }
    if (entry.status() != DeploymentStatus.IN_PROGRESS) {
      return "";
    }
    return switch (entry.hold(now)) {
      case ALIVE, LEASED -> entry.operationEndedAt() == null ? "" : " (operation ended)";
      case DEAD -> " (process gone)";
      case ENDED -> " (operation ended)";
      case EXPIRED, DISBELIEVED -> " (lease ran out)";
    };
  }

  private static String lease(Deployment entry, Instant now) {
    Instant end = entry.leaseExpiresAt();
    return entry.leaseExpired(now)
        ? "ran out" + (end.equals(Instant.EPOCH) ? "" : " at " + Timestamps.format(end))
        : "until "
            + Timestamps.format(end)
            + " ("
            + Durations.humane(Duration.between(now, end))
            + ")";
  }

  private static @Nullable String time(@Nullable Instant instant, Instant now) {
    return instant == null
        ? null
        : Timestamps.format(instant)
            + " ("
            + Durations.humane(Duration.between(instant, now))
            + " ago)";
  }

  private static void add(List<List<String>> rows, String name, @Nullable String value) {
    if (value != null) {
      rows.add(List.of(name, value));
    }
  }

  private static String orDash(@Nullable String text) {
    return text == null ? "-" : text;
  }
}
