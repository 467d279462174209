package deployctl.notify.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A notification, where it goes and when it happened.
 *
 * @param channel id or name of a Slack channel, or null for the usual one
 */
public record AddressedNotification(
    Notification content, @Nullable String channel, Instant occurredAt) {
  /** Return the same for another channel; null leaves it as it is. */
  public AddressedNotification to(@Nullable String other) {
    return other == null ? this : new AddressedNotification(content, other, occurredAt);
  }
}
