package deployctl.slack;

import deployctl.support.tape.Tape;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Slack.
 *
 * @param api the Web API's address, ending in a slash
 * @param token the bot's token; never printed
 * @param callTimeout how long one request may take, from the connection to the end of the answer
 * @param tape keeps the answers or gives kept ones; null for neither
 */
public record SlackSettings(URI api, String token, Duration callTimeout, @Nullable Tape tape) {
  /** Make settings without a tape. */
  public SlackSettings(URI api, String token, Duration callTimeout) {
    this(api, token, callTimeout, null);
  }

  @Override
  public String toString() {
    return "SlackSettings[" + api.getHost() + "]";
  }
}
