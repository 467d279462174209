package deployctl.notify.message;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
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

  private final DeploymentDetails.DetailsSource facts;

  public MessageRenderer(DeploymentDetails.DetailsSource facts) {
    this.facts = facts;
  }

  /** Return the message for a notification. */
  public MessageBody compose(Notification note) {
    String id = note.correlationId();
    DeploymentDetails known =
        id == null ? DeploymentDetails.NONE : facts.of(id, note.arg("workflow_run_id"));
    return switch (note.type()) {
      case START -> start(note, known);
      case CONCURRENT -> concurrent(note, known);
      case PROGRESS -> progress(note, known);
      case COMPLETE -> complete(note, known);
      case FAILED -> failed(note, known);
      case STALLED -> stalled(note, known);
      case ALERT -> alert(note, known);
      case CUSTOM -> custom(orElse(note.arg(0), ""));
      case TEST -> custom("deployctl can post here.");
    };
  }

  private MessageBody start(Notification note, DeploymentDetails known) {
    String environment = environment(note, known);
    BlockKit blocks = new BlockKit().header(":rocket: Deployment to " + environment + " started");
    about(blocks, note, known)
        .field("Started", SlackText.time(note.occurredAt()))
        .field("Usually takes", usual(known))
        .endFields()
        .context(links(known));
    return body("Deployment to " + environment + " started", note, blocks);
  }

  private MessageBody concurrent(Notification note, DeploymentDetails known) {
    String environment = environment(note, known);
    String active = active(note.arg("active_deployment_json"), note.occurredAt());
    BlockKit blocks =
        new BlockKit().header(":hourglass_flowing_sand: Deployment to " + environment + " waits");
    blocks.section("In the way: " + active);
    about(blocks, note, known)
        .endFields()
        .section("See who waits: `deployctl coordinator queue`")
        .context(links(known));
    return body("Deployment to " + environment + " waits for " + active, note, blocks);
  }

  private MessageBody progress(Notification note, DeploymentDetails known) {
    String status = SlackText.escape(orElse(note.arg("stack_status"), "in progress"));
    String details = SlackText.escape(orElse(note.arg("details"), ""));
    BlockKit blocks = new BlockKit().section("*" + status + "*\n" + details);
    String where = known.environment() == null ? "" : escapeOr(known.environment(), "") + " · ";
    blocks.context(where + "`" + id(note) + "` · as of " + SlackText.time(note.occurredAt()));
    return body(status + ": " + details, note, blocks);
  }

  private MessageBody complete(Notification note, DeploymentDetails known) {
    String environment = environment(note, known);
    String minutes = minutes(note.arg("duration_minutes"));
    BlockKit blocks =
        new BlockKit().header(":white_check_mark: Deployment to " + environment + " succeeded");
    about(blocks, note, known)
        .field("Took", minutes)
        .field("Finished", SlackText.time(note.occurredAt()))
        .endFields();
    String application = note.arg("application_url");
    if (application != null) {
      blocks.section(
          application.matches("https?://\\S+")
              ? SlackText.link(application, "Open the application")
              : SlackText.escape(application));
    }
    blocks.context(links(known));
    return body("Deployment to " + environment + " succeeded in " + minutes, note, blocks);
  }

  private MessageBody failed(Notification note, DeploymentDetails known) {
    String environment = environment(note, known);
    String error = orElse(note.arg("error"), "no reason was given");
    String stack = orElse(note.arg("stack"), orElse(known.stackName(), ""));
    BlockKit blocks = new BlockKit().header(":x: Deployment to " + environment + " failed");
    about(blocks, note, known)
        .field("After", after(known, note.occurredAt()))
        .field("Failed", SlackText.time(note.occurredAt()))
        .endFields()
        .section("*Why*\n" + SlackText.code(error, MOST_ERROR))
        .section("*Next*\n`" + diagnose(stack) + "`")
        .context(links(known));
    return body(
        "Deployment to " + environment + " failed: " + SlackText.escape(line(error)), note, blocks);
  }

  private MessageBody stalled(Notification note, DeploymentDetails known) {
    String stack = orElse(note.arg("stack"), "the stack");
    String minutes = minutes(note.arg("minutes"));
    String what = "Nothing has happened in " + SlackText.escape(stack) + " for " + minutes;
    BlockKit blocks = new BlockKit().header(":warning: Deployment stalled").section(what);
    about(blocks, note, known)
        .endFields()
        .section("*Next*\n`" + diagnose(stack) + "`")
        .context(links(known));
    return body(what, note, blocks);
  }

  private MessageBody alert(Notification note, DeploymentDetails known) {
    String words = orElse(note.arg("text"), "");
    BlockKit blocks =
        new BlockKit()
            .header(":rotating_light: Watching a deployment")
            .section(SlackText.escape(words));
    about(blocks, note, known).endFields().context(links(known));
    return body(SlackText.escape(line(words)), note, blocks);
  }

  private static MessageBody custom(String words) {
    String escaped = SlackText.escape(words);
    // Beyond what blocks hold, the text alone carries more.
    return new MessageBody(
        SlackText.cut(escaped, BlockKit.MOST_TEXT),
        escaped.length() > BlockKit.MOST_SECTION
            ? List.of()
            : new BlockKit().section(escaped).toBlocks());
  }

  private static BlockKit about(BlockKit blocks, Notification note, DeploymentDetails known) {
    String environment = orElse(note.arg("environment"), orElse(known.environment(), ""));
    String stack = orElse(note.arg("stack"), orElse(known.stackName(), ""));
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
    StringBuilder words =
        new StringBuilder("`" + escapeOr(entry.string("correlation_id"), "a deployment") + "`");
    String stack = entry.string("stack_name");
    if (stack != null) {
      words.append(" to ").append(SlackText.escape(stack));
    }
    Instant since = Timestamps.read(entry.get("started_at"));
    if (since != null) {
      words.append(" since ").append(SlackText.time(since));
      words.append(", ").append(Durations.humane(Duration.between(since, now)));
    }
    if (entry.get("estimated_remaining_minutes") instanceof Number left) {
      words.append("; about ").append(Math.round(left.doubleValue())).append(" min left");
    }
    return words.toString();
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
    return escapeOr(orElse(note.arg("environment"), orElse(known.environment(), "")), "the stack");
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
