package deployctl.slack;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a token belongs to.
 *
 * @param scopes what it may do; null where Slack does not say
 */
public record SlackIdentity(String user, String team, @Nullable Set<String> scopes) {}
