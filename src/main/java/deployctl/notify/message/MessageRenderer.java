package deployctl.notify.message;

import deployctl.notify.message.Notification.CustomText;
import deployctl.notify.message.Notification.DeploymentCancelled;
import deployctl.notify.message.Notification.DeploymentFailed;
import deployctl.notify.message.Notification.DeploymentProgress;
import deployctl.notify.message.Notification.DeploymentStalled;
import deployctl.notify.message.Notification.DeploymentStarted;
import deployctl.notify.message.Notification.DeploymentSucceeded;
import deployctl.notify.message.Notification.DeploymentWaiting;
import deployctl.notify.message.Notification.MonitoringAlert;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Puts notifications into words: Block Kit, and a line of plain text for where there is none. */
public final class MessageRenderer {
  private static final int MOST_ERROR = 2_500;
  private static final int MOST_LINE = 300;

  private final DeploymentDetails.DetailsSource details;

  /** Make a renderer; {@code details} says what is known besides a message's own words. */
  public MessageRenderer(DeploymentDetails.DetailsSource details) {
    this.details = details;
  }

  /** Return the message for a notification. */
  public MessageBody render(AddressedNotification addressed) {
    // What is a secret with its quotes may be none without them: it is masked as it came.
    Notification note =
        Notification.of(
            addressed.content().type(),
            addressed.content().args().stream().map(Masking::secrets).toList());
    Instant at = addressed.occurredAt();
    String id = note.correlationId();
    String run = note instanceof DeploymentStarted started ? started.workflowRunId() : null;
    DeploymentDetails known =
        id == null ? DeploymentDetails.NONE : details.of(id, run, note.stack());
    if (note instanceof DeploymentStarted started) {
      return started(started, at, known);
    }
    if (note instanceof DeploymentWaiting waiting) {
      return waiting(waiting, at, known);
    }
    if (note instanceof DeploymentProgress progress) {
      return progress(progress, at, known);
    }
    if (note instanceof DeploymentSucceeded succeeded) {
      return succeeded(succeeded, at, known);
    }
    if (note instanceof DeploymentFailed failed) {
      return failed(failed, at, known);
    }
    if (note instanceof DeploymentCancelled cancelled) {
      return cancelled(cancelled, at, known);
    }
    if (note instanceof DeploymentStalled stalled) {
      return stalled(stalled, known);
    }
    if (note instanceof MonitoringAlert alert) {
      return alert(alert, known);
    }
    return custom(
        note instanceof CustomText custom ? orElse(custom.text(), "") : "deployctl can post here.");
  }

  private MessageBody started(DeploymentStarted note, Instant at, DeploymentDetails known) {
    String environment = environment(note, known);
    BlockKit blocks = new BlockKit().header(":rocket: Deployment to " + environment + " started");
    about(blocks, note, known)
        .field("By", known.actor() == null ? null : SlackText.escape(known.actor()))
        .field("Commit", commit(known))
        .field("Started", SlackText.time(at))
        .field("Usually takes", usual(known))
        .endFields()
        .context(links(known));
    return body("Deployment to " + environment + " started", note, blocks);
  }

  private MessageBody waiting(DeploymentWaiting note, Instant at, DeploymentDetails known) {
    String environment = environment(note, known);
    String active = active(note.active(), at);
    BlockKit blocks =
        new BlockKit().header(":hourglass_flowing_sand: Deployment to " + environment + " waits");
    blocks.section("In the way: " + active);
    about(blocks, note, known)
        .endFields()
        .section("See who waits: `deployctl coordinator queue`")
        .context(links(known));
    return body("Deployment to " + environment + " waits for " + active, note, blocks);
  }

  private MessageBody progress(DeploymentProgress note, Instant at, DeploymentDetails known) {
    String status = SlackText.escape(orElse(note.stackStatus(), "in progress"));
    String message = SlackText.escape(orElse(note.details(), ""));
    BlockKit blocks = new BlockKit().section("*" + status + "*\n" + message);
    String where = known.environment() == null ? "" : escapeOr(known.environment(), "") + " · ";
    blocks.context(where + "`" + id(note) + "` · as of " + SlackText.time(at));
    return body(status + ": " + message, note, blocks);
  }

  private MessageBody succeeded(DeploymentSucceeded note, Instant at, DeploymentDetails known) {
    String environment = environment(note, known);
    String minutes = minutes(note.minutes());
    BlockKit blocks =
        new BlockKit().header(":white_check_mark: Deployment to " + environment + " succeeded");
    about(blocks, note, known)
        .field("Took", minutes)
        .field("Finished", SlackText.time(at))
        .endFields();
    String application = note.url();
    if (application != null) {
      blocks.section(
          application.matches("https?://\\S+")
              ? SlackText.link(application, "Open the application")
              : SlackText.escape(application));
    }
    blocks.context(links(known));
    return body("Deployment to " + environment + " succeeded in " + minutes, note, blocks);
  }

  private MessageBody failed(DeploymentFailed note, Instant at, DeploymentDetails known) {
    String environment = environment(note, known);
    String error = orElse(note.error(), "no reason was given");
    String stack = orElse(note.stack(), orElse(known.stackName(), ""));
    BlockKit blocks = new BlockKit().header(":x: Deployment to " + environment + " failed");
    about(blocks, note, known)
        .field("After", after(known, at))
        .field("Failed", SlackText.time(at))
        .endFields()
        .section("*Why*\n" + SlackText.code(error, MOST_ERROR))
        .section("*Next*\n`" + diagnose(stack) + "`")
        .context(links(known));
    return body(
        "Deployment to " + environment + " failed: " + SlackText.escape(line(error)), note, blocks);
  }

  private MessageBody cancelled(DeploymentCancelled note, Instant at, DeploymentDetails known) {
    String environment = environment(note, known);
    BlockKit blocks =
        new BlockKit()
            .header(":black_square_for_stop: Deployment to " + environment + " cancelled");
    about(blocks, note, known)
        .field("By", known.actor() == null ? null : SlackText.escape(known.actor()))
        .field("After", after(known, at))
        .field("Cancelled", SlackText.time(at))
        .endFields()
        .section(
            "CloudFormation goes on with what it has begun: `deployctl coordinator can-deploy`")
        .context(links(known));
    return body("Deployment to " + environment + " was cancelled", note, blocks);
  }

  private MessageBody stalled(DeploymentStalled note, DeploymentDetails known) {
    String stack = orElse(note.stack(), "the stack");
    String minutes = minutes(note.minutes());
    String what = "Nothing has happened in " + SlackText.escape(stack) + " for " + minutes;
    BlockKit blocks = new BlockKit().header(":warning: Deployment stalled").section(what);
    about(blocks, note, known)
        .endFields()
        .section("*Next*\n`" + diagnose(stack) + "`")
        .context(links(known));
    return body(what, note, blocks);
  }

  private MessageBody alert(MonitoringAlert note, DeploymentDetails known) {
    String message = orElse(note.text(), "");
    BlockKit blocks =
        new BlockKit()
            .header(":rotating_light: Watching a deployment")
            .section(SlackText.escape(message));
    about(blocks, note, known).endFields().context(links(known));
    return body(SlackText.escape(line(message)), note, blocks);
  }

  private static MessageBody custom(String message) {
    String escaped = SlackText.escape(message);
    // Beyond what blocks hold, the text alone carries more.
    return new MessageBody(
        SlackText.cut(escaped, BlockKit.MOST_TEXT),
        escaped.length() > BlockKit.MOST_SECTION
            ? List.of()
            : new BlockKit().section(escaped).toBlocks());
  }

  private static BlockKit about(BlockKit blocks, Notification note, DeploymentDetails known) {
    String environment = orElse(note.environment(), orElse(known.environment(), ""));
    String stack = orElse(note.stack(), orElse(known.stackName(), ""));
    return blocks
        .field("Environment", environment.isEmpty() ? null : SlackText.escape(environment))
        .field("Stack", stack.isEmpty() ? null : SlackText.escape(stack))
        .field("Correlation id", "`" + id(note) + "`");
  }

  private static MessageBody body(String text, Notification note, BlockKit blocks) {
    String id = note.correlationId();
    String line = SlackText.cut(text, BlockKit.MOST_SECTION);
    return new MessageBody(id == null ? line : line + " (" + id(note) + ")", blocks.toBlocks());
  }

  /**
   * Return who is in the way, from the JSON of {@code get-active}, or its text where it is none.
   */
  private static String active(@Nullable String json, Instant now) {
    if (json == null) {
      return "another deployment";
    }
    JsonObject active;
    try {
      active = Json.parseObject(json);
    } catch (JsonException e) {
      return SlackText.escape(line(json));
    }
    JsonObject nested = active.object("active_deployment");
    JsonObject entry = nested == null ? active : nested;
    StringBuilder message =
        new StringBuilder("`" + escapeOr(entry.string("correlation_id"), "a deployment") + "`");
    String stack = entry.string("stack_name");
    if (stack != null) {
      message.append(" to ").append(SlackText.escape(stack));
    }
    Instant since = Timestamps.read(entry.get("started_at"));
    if (since != null) {
      message.append(" since ").append(SlackText.time(since));
      message.append(", ").append(Durations.humane(Duration.between(since, now)));
    }
    if (entry.get("estimated_remaining_minutes") instanceof Number left) {
      message.append("; about ").append(Math.round(left.doubleValue())).append(" min left");
    }
    return message.toString();
  }

  private static @Nullable String commit(DeploymentDetails known) {
    String commit = known.commit();
    return commit == null
        ? null
        : "`"
            + SlackText.escape(commit.substring(0, Math.min(12, commit.length()))).replace("`", "'")
            + "`";
  }

  private static @Nullable String usual(DeploymentDetails known) {
    Double minutes = known.usualMinutes();
    return minutes == null ? null : "about " + Math.round(minutes) + " min";
  }

  private static String links(DeploymentDetails known) {
    StringJoiner links = new StringJoiner(" · ");
    if (known.runUrl() != null) {
      links.add(SlackText.link(known.runUrl(), "Workflow run"));
    }
    if (known.consoleUrl() != null) {
      links.add(SlackText.link(known.consoleUrl(), "CloudFormation"));
    }
    return links.toString();
  }

  private static @Nullable String after(DeploymentDetails known, Instant end) {
    Instant start = known.startedAt();
    return start == null || start.isAfter(end)
        ? null
        : Durations.humane(Duration.between(start, end));
  }

  private static String diagnose(String stack) {
    return "deployctl diagnose stack"
        + (stack.isEmpty() ? "" : " --stack " + SlackText.escape(stack).replace("`", "'"));
  }

  private static String environment(Notification note, DeploymentDetails known) {
    return escapeOr(orElse(note.environment(), orElse(known.environment(), "")), "the stack");
  }

  private static String id(Notification note) {
    return escapeOr(note.correlationId(), "?").replace("`", "'");
  }

  private static String minutes(@Nullable String minutes) {
    return minutes == null
        ? "an unknown time"
        : SlackText.escape(minutes) + (minutes.matches("\\d+(\\.\\d+)?") ? " min" : "");
  }

  private static String line(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() <= MOST_LINE ? line : line.substring(0, MOST_LINE) + "…";
  }

  private static String escapeOr(@Nullable String text, String fallback) {
    return text == null || text.isEmpty() ? fallback : SlackText.escape(text);
  }

  private static String orElse(@Nullable String text, String fallback) {
    return text == null ? fallback : text;
  }
}
