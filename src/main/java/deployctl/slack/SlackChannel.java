package deployctl.slack;

/**
 * A channel of Slack as the bot sees it.
 *
 * @param member whether the bot is in it
 */
public record SlackChannel(String id, String name, boolean member, boolean archived) {}
