package deployctl.slack;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What is asked of Slack's Web API. Every method makes one request (a search one a page) and none
 * of them tries again: retrying is the queue's business, and two layers would multiply.
 */
public interface Slack {
  /**
   * Post a message.
   *
   * @throws SlackFailure when it was not posted, or when that is not known
   */
  Posted post(SlackPost post) throws SlackFailure;

  /**
   * Replace a message by another. Repeating it changes nothing, so doubt about an answer does no
   * harm.
   *
   * @throws SlackFailure when it was not replaced, or when that is not known
   */
  Posted update(Posted message, SlackPost post) throws SlackFailure;

  /**
   * Find a message that may have been posted, by the id in its metadata.
   *
   * @param where the channel and thread that it was meant for
   * @param since when the first attempt began; older messages are not looked at
   * @param goOn tells whether another page may be asked for
   * @return where it is, or empty when it is not there, on Slack's word
   * @throws SlackFailure when Slack does not say, for instance for want of a history scope
   */
  Optional<Posted> find(SlackPost where, Instant since, BooleanSupplier goOn) throws SlackFailure;

  /**
   * See whether there is a token at all.
   *
   * @throws SlackFailure when there is none
   */
  void check() throws SlackFailure;

  /**
   * Return whom the token belongs to.
   *
   * @throws SlackFailure when there is no token, Slack does not take it, or gave no answer
   */
  SlackIdentity identity() throws SlackFailure;

  /**
   * Return a channel.
   *
   * @param channel id, or name with a hash sign
   * @throws SlackFailure when there is none that the bot can see, the scope is missing, or Slack
   *     gave no answer
   */
  SlackChannel channel(String channel) throws SlackFailure;
}
