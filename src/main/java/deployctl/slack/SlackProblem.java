package deployctl.slack;

/** The ways in which a call to Slack ends badly, told apart by what the queue does about them. */
public enum SlackProblem {
  /** Asked too often: nothing more to this channel for a while. */
  HOLD_CHANNEL,
  /** Nothing was posted, because Slack was not reached at all: refused, DNS, TLS. */
  UNREACHABLE,
  /** Slack answered that it did not post; trying again may help. */
  RETRY,
  /** It may have been posted: look before it is sent again. */
  AMBIGUOUS,
  /**
   * Nobody answered in time after the request was sent; like {@link #AMBIGUOUS} for the message.
   */
  NO_ANSWER,
  /** Slack will never take this message. */
  DEAD_MESSAGE,
  /** The message that is to be replaced or answered is not there, or cannot be any more. */
  STALE_TARGET,
  /** Nothing can be posted to this channel until somebody changes something in Slack. */
  UNUSABLE_CHANNEL,
  /** The token, its scopes or the workspace: nothing at all can be posted. */
  STOP;

  /** Tell whether the message may be in the channel. */
  public boolean mayHavePosted() {
    return this == AMBIGUOUS || this == NO_ANSWER;
  }

  /** Tell whether Slack as a whole is out of reach, so that other messages need not be tried. */
  public boolean outOfReach() {
    return this == UNREACHABLE || this == NO_ANSWER;
  }
}
