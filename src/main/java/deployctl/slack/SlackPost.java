package deployctl.slack;

import org.jspecify.annotations.Nullable;

/**
 * A message to be posted.
 *
 * @param channel id or name of the channel
 * @param thread {@code ts} of the message whose thread it belongs to, or null for none
 * @param broadcast whether a message of a thread is shown in the channel, too
 * @param text what notifications show, and all there is without blocks; at most 40,000 characters
 * @param blocks Block Kit as a JSON array, or null for none
 * @param messageId our name of the message, kept in its metadata so that it can be found again
 */
public record SlackPost(
    String channel,
    @Nullable String thread,
    boolean broadcast,
    String text,
    @Nullable String blocks,
    String messageId) {}
