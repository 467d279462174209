package deployctl.retryqueue;

import deployctl.cli.Console;
import deployctl.notify.message.SlackText;
import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Puts messages of the queue into words. */
final class MessageView {
  private static final int MOST_WORDS = 60;

  private MessageView() {}

  /** Return a table of messages; {@code none} when there are none. */
  static String table(
      List<QueuedMessage> messages, OutgoingMessage.Maker maker, Instant now, String none) {
    if (messages.isEmpty()) {
      return none;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "TYPE", "CHANNEL", "AGE", "TRIES", "WHY", "TEXT"));
    for (QueuedMessage message : messages) {
      rows.add(
          List.of(
              message.id(),
              message.type().word(),
              maker.channelOf(message),
              Durations.humane(Duration.between(message.queuedAt(), now)),
              Integer.toString(message.retryCount()),
              why(message),
              describe(maker.rendered(message))));
    }
    return Console.table(rows);
  }

  /** Return a message with all its fields. */
  static JsonObject json(QueuedMessage message) {
    JsonObject all = new JsonObject().put("message_id", message.id());
    message.fields().names().forEach(name -> all.put(name, message.fields().get(name)));
    return all;
  }

  static String whole(QueuedMessage message) {
    return Json.pretty(json(message));
  }

  private static String why(QueuedMessage message) {
    String reason = message.fields().string(QueuedMessage.REASON);
    if (reason != null) {
      return reason;
    }
    String error = message.lastError();
    return error == null ? "-" : shortened(error);
  }

  private static String describe(QueuedMessage rendered) {
    return shortened(SlackText.plain(rendered.body().text()));
  }

  private static String shortened(String text) {
    return Masking.line(text, MOST_WORDS);
  }
}
