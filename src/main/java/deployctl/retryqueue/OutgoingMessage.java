package deployctl.retryqueue;

import deployctl.notify.message.BlockKit;
import deployctl.notify.message.MessageBody;
import deployctl.notify.message.MessageRenderer;
import deployctl.notify.message.NotificationType;
import deployctl.notify.message.SlackText;
import deployctl.slack.Posted;
import deployctl.slack.SlackPost;
import deployctl.support.json.Json;
import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as it goes out now.
 *
 * @param message the queue's message, with its words
 * @param post what is sent
 * @param target the message that it replaces, or null when it is a new one
 */
public record OutgoingMessage(QueuedMessage message, SlackPost post, @Nullable Posted target) {
  /** Makes messages ready to go out. */
  public static final class Maker {
    /** From this age on a message says when it happened. */
    private static final Duration LATE = Duration.ofMinutes(2);

    private final MessageRenderer renderer;
    private final String usualChannel;
    private final Time time;

    public Maker(MessageRenderer renderer, String usualChannel, Time time) {
      this.renderer = renderer;
      this.usualChannel = usualChannel;
      this.time = time;
    }

    /** Return the channel that a message goes to. */
    public String channelOf(QueuedMessage message) {
      return message.channel(usualChannel);
    }

    /** Return a message with its words, rendering them where an old script left that to us. */
    QueuedMessage rendered(QueuedMessage message) {
      if (message.rendered()) {
        return message;
      }
      MessageBody body = renderer.render(message.notification(usualChannel));
      return message
          .with(QueuedMessage.CHANNEL, channelOf(message))
          .with(QueuedMessage.TEXT, body.text())
          .with(QueuedMessage.BLOCKS, body.blocks().isEmpty() ? null : body.blocks());
    }

    /** Return what is to be sent for a message. */
    OutgoingMessage make(QueuedMessage queued, ChannelLock lock, DeploymentThread thread) {
      QueuedMessage message = rendered(queued);
      MessageBody body = saidLate(message);
      NotificationType type = message.type();
      Posted target = type == NotificationType.PROGRESS ? thread.progress() : null;
      SlackPost post =
          new SlackPost(
              lock.channelId(),
              thread.root(),
              type.shownInChannel(),
              Masking.secrets(body.text()),
              body.blocks().isEmpty() ? null : Json.write(JsonMasking.value(body.blocks())),
              message.id());
      return new OutgoingMessage(message, post, target);
    }

    private MessageBody saidLate(QueuedMessage message) {
      MessageBody body = message.body();
      Instant happened = message.occurredAt();
      Duration age = Duration.between(happened, time.now());
      if (age.compareTo(LATE) < 0) {
        return body;
      }
      String ago = Durations.humane(age) + " ago";
      List<JsonObject> blocks =
          body.blocks().isEmpty()
              ? List.of()
              : BlockKit.withContextFirst(
                  ":clock3: Delayed: from " + SlackText.time(happened) + ", " + ago, body.blocks());
      return new MessageBody(
          SlackText.cut(
              "[delayed: " + SlackText.utc(happened) + ", " + ago + "] " + body.text(),
              BlockKit.MOST_TEXT),
          blocks);
    }
  }
}
