package deployctl.notify.message;

import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a message's blocks within Slack's limits.
 *
 * <p>Source: Slack's Block Kit reference (50 blocks a message, 3,000 characters a section, 2,000 a
 * field, 150 a header, 10 fields a table) and what {@code chat.postMessage} was seen to take over
 * all blocks, about 13,200 characters.
 */
public final class BlockKit {
  public static final int MOST_TEXT = 40_000;
  static final int MOST_SECTION = 3_000;

  /** Ten fields, three sections and what else a message has stay below what Slack takes in all. */
  private static final int MOST_FIELD = 500;

  private static final int MOST_CONTEXT = 1_000;
  private static final int MOST_HEADER = 150;
  private static final int MOST_FIELDS = 10;

  private final List<JsonObject> blocks = new ArrayList<>();
  private final List<JsonObject> fields = new ArrayList<>();

  /** Add a headline; plain text, with emoji by their names. */
  BlockKit header(String text) {
    String line = text.replace('\n', ' ');
    blocks.add(
        new JsonObject()
            .put("type", "header")
            .put(
                "text",
                new JsonObject()
                    .put("type", "plain_text")
                    .put(
                        "text",
                        line.length() <= MOST_HEADER
                            ? line
                            : line.substring(0, MOST_HEADER - 1) + "…")
                    .put("emoji", true)));
    return this;
  }

  /** Add a paragraph. */
  BlockKit section(String mrkdwn) {
    blocks.add(
        new JsonObject()
            .put("type", "section")
            .put("text", mrkdwn(SlackText.cut(mrkdwn, MOST_SECTION))));
    return this;
  }

  /** Add a named value to the table that {@link #endFields} closes; null is left out. */
  BlockKit field(String name, @Nullable String mrkdwn) {
    if (mrkdwn != null && fields.size() < MOST_FIELDS) {
      fields.add(mrkdwn(SlackText.cut("*" + name + "*\n" + mrkdwn, MOST_FIELD)));
    }
    return this;
  }

  /** Add the table of the fields named so far. */
  BlockKit endFields() {
    if (!fields.isEmpty()) {
      blocks.add(new JsonObject().put("type", "section").put("fields", List.copyOf(fields)));
      fields.clear();
    }
    return this;
  }

  /** Add a small line; an empty one is left out. */
  BlockKit context(String mrkdwn) {
    if (!mrkdwn.isEmpty()) {
      blocks.add(context(List.of(mrkdwn(SlackText.cut(mrkdwn, MOST_CONTEXT)))));
    }
    return this;
  }

  List<JsonObject> toBlocks() {
    return List.copyOf(blocks);
  }

  /** Return blocks with a small line before them. */
  public static List<JsonObject> withContextFirst(String mrkdwn, List<JsonObject> blocks) {
    List<JsonObject> all = new ArrayList<>(blocks.size() + 1);
    all.add(context(List.of(mrkdwn(mrkdwn))));
    all.addAll(blocks);
    return all;
  }

  private static JsonObject context(List<JsonObject> elements) {
    return new JsonObject().put("type", "context").put("elements", elements);
  }

  private static JsonObject mrkdwn(String text) {
    return new JsonObject().put("type", "mrkdwn").put("text", text);
  }
}
