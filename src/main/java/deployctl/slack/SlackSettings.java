package deployctl.slack;

import java.net.URI;
import java.time.Duration;

/**
 * How to reach Slack.
 *
 * @param api the Web API's address, ending in a slash
 * @param token the bot's token; never printed
 * @param callTimeout how long one request may take, from the connection to the end of the answer
 */
public record SlackSettings(URI api, String token, Duration callTimeout) {
  @Override
  public String toString() {
    return "SlackSettings[" + api.getHost() + "]";
  }
}
