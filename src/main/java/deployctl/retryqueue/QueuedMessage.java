package deployctl.retryqueue;

import deployctl.notify.message.AddressedNotification;
import deployctl.notify.message.MessageBody;
import deployctl.notify.message.Notification;
import deployctl.notify.message.NotificationType;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A message in the queue: a view on its file, so that fields which this version does not know
 * survive. Unchangeable: {@link #with} returns another.
 *
 * @param id its name, which is also its file's
 * @param fields the file's content; not to be changed
 * @param fileTime the file's last change, which stands in for times that an odd file lacks
 */
public record QueuedMessage(String id, JsonObject fields, Instant fileTime) {
  public static final String CHANNEL = "channel";
  public static final String TEXT = "text";
  public static final String BLOCKS = "blocks";
  public static final String RETRY_COUNT = "retry_count";
  public static final String NEXT_RETRY_AT = "next_retry_at";
  public static final String LAST_ERROR = "last_error";
  public static final String QUEUED_AT = "queued_at";
  static final String SEQUENCE = "sequence";
  public static final String OCCURRED_AT = "occurred_at";

  /** When deployctl tried for the first time: what the age limit counts from. */
  public static final String FIRST_ATTEMPT_AT = "first_attempt_at";

  /** Written before a request goes out and removed when its outcome is known. */
  static final String ATTEMPT_AT = "attempt_at";

  /** At how many attempts in a row this program failed by itself. */
  static final String OWN_FAILURES = "own_failures";

  /** Whether it may be in the channel already. */
  public static final String UNCERTAIN = "may_have_been_posted";

  /** The thread that the uncertain attempt went to; empty for none. */
  static final String ATTEMPT_THREAD = "attempt_thread";

  /** The last attempt that reached Slack. */
  static final String LAST_ATTEMPT_AT = "last_attempt_at";

  /** From when on it is looked for, after it was put back. */
  static final String LOOK_SINCE = "look_since";

  /** How often it was put back after it had been given up. */
  static final String REQUEUED = "requeued";

  static final String DEAD_AT = "dead_at";
  static final String REASON = "reason";

  /** Return what it tells; {@link NotificationType#CUSTOM} where the file says nothing known. */
  NotificationType type() {
    NotificationType type = NotificationType.find(fields.string("notification_type"));
    return type == null ? NotificationType.CUSTOM : type;
  }

  /** Return the notification that the file describes. */
  AddressedNotification notification(String usualChannel) {
    return Notification.of(type(), args()).at(occurredAt()).to(channel(usualChannel));
  }

  /** Return the channel: the file's own, else the one behind an old script's arguments. */
  String channel(String usualChannel) {
    String named = fields.string(CHANNEL);
    if (named != null && !named.isBlank()) {
      return named;
    }
    int behind = type().parameters().size();
    List<String> all = rawArgs();
    boolean known = NotificationType.find(fields.string("notification_type")) != null;
    return known && behind < all.size() && !all.get(behind).isBlank()
        ? all.get(behind)
        : usualChannel;
  }

  /** Return the deployment that it concerns, or null. */
  @Nullable String correlationId() {
    List<String> args = args();
    return type().concernsDeployment() && !args.isEmpty() && !args.get(0).isBlank()
        ? args.get(0)
        : null;
  }

  /** Return its position in the order: milliseconds since 1970, made unique and rising. */
  long sequence() {
    return fields.get(SEQUENCE) instanceof Number number
        ? number.longValue()
        : queuedAt().toEpochMilli();
  }

  Instant queuedAt() {
    return time(QUEUED_AT, fileTime);
  }

  Instant occurredAt() {
    return time(OCCURRED_AT, queuedAt());
  }

  /** Return when it may be tried again. */
  Instant nextRetryAt() {
    return time(NEXT_RETRY_AT, Instant.EPOCH);
  }

  @Nullable Instant firstAttemptAt() {
    return Timestamps.read(fields.get(FIRST_ATTEMPT_AT));
  }

  /** Tell whether an attempt was begun whose outcome nobody wrote down. */
  boolean attemptOpen() {
    return fields.has(ATTEMPT_AT);
  }

  boolean uncertain() {
    return Boolean.TRUE.equals(fields.get(UNCERTAIN));
  }

  int retryCount() {
    return (int) fields.integer(RETRY_COUNT, 0);
  }

  int ownFailures() {
    return (int) fields.integer(OWN_FAILURES, 0);
  }

  long requeued() {
    return fields.integer(REQUEUED, 0);
  }

  public @Nullable String lastError() {
    return fields.string(LAST_ERROR);
  }

  /** Tell whether the words are there already. */
  boolean rendered() {
    String text = fields.string(TEXT);
    return text != null && !text.isBlank();
  }

  /** Return the words; to be called when {@link #rendered}. */
  MessageBody body() {
    List<?> blocks = fields.list(BLOCKS);
    return new MessageBody(
        String.valueOf(fields.string(TEXT)),
        blocks == null
            ? List.of()
            : blocks.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .toList());
  }

  /** Return a message that differs in one field; a null value removes it. */
  QueuedMessage with(String field, @Nullable Object value) {
    JsonObject changed = fields.copy();
    if (value == null) {
      changed.remove(field);
    } else {
      changed.put(field, value instanceof Instant time ? Timestamps.format(time) : value);
    }
    return new QueuedMessage(id, changed, fileTime);
  }

  private List<String> args() {
    List<String> all = rawArgs();
    return NotificationType.find(fields.string("notification_type")) == null
        ? List.of(String.join(" ", all))
        : all.subList(0, Math.min(all.size(), type().parameters().size()));
  }

  /** Return the arguments as the file has them: a list, or one text with spaces between them. */
  private List<String> rawArgs() {
    List<?> list = fields.list("args");
    if (list != null) {
      return list.stream().map(arg -> arg == null ? "" : arg.toString()).toList();
    }
    String text = fields.string("args");
    if (text == null) {
      return List.of();
    }
    if (type() == NotificationType.CUSTOM) {
      return List.of(text);
    }
    return java.util.Collections.list(new StringTokenizer(text)).stream()
        .map(String.class::cast)
        .toList();
  }

  private Instant time(String field, Instant fallback) {
    Instant time = Timestamps.read(fields.get(field));
    return time == null ? fallback : time;
  }
}
