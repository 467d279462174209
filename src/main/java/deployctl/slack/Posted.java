package deployctl.slack;

/**
 * A message as Slack knows it.
 *
 * @param channelId the channel's id, also where the channel was given by name
 * @param timestamp Slack's {@code ts}, unique in the channel
 */
public record Posted(String channelId, String timestamp) {}
